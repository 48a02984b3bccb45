"""`entrepot trade`: questions of trade, observed or modelled; a question a file."""

from __future__ import annotations

from cyclopts import App

# Name and summary of each question. The module of the same name is loaded when it is asked.
QUESTIONS = (
    ("turnover", "Turnover and balance, over twelve months and in the year so far."),
    ("growth", "What made trade grow: products, price and quantity, markets."),
    ("indicators", "Advantage, concentration, complementarity, complexity and more."),
    ("potential", "What could be sold of what in which market, beside what is."),
    (
        "substitute",
        "Buy from a partner what is bought from others now: what could be, and at what extra cost.",
    ),
    (
        "joint",
        "Sell together to third markets: where two countries pass thresholds that neither does "
        "alone.",
    ),
    ("target", "What a target of turnover takes: growth, the cheapest mix, what falls short."),
    (
        "relations",
        "See how countries and blocs stand to each other, and from which ties that follows.",
    ),
    (
        "gravity",
        "Estimate gravity: how trade depends on agreements, distance and what else is given.",
    ),
    (
        "counterfactual",
        "Ask what an agreement, a border, a cost or a tariff would do once everything adjusts.",
    ),
)

app = App(
    name="trade",
    help_epilogue="No figure is shown whose certificate does not hold.\n\n"
    "Examples:\n\n"
    "  entrepot trade turnover caspian --reporter AZ --partner BY\n"
    "  entrepot trade QUESTION --help",
)
for _order, (_name, _summary) in enumerate(QUESTIONS):
    app.command(f"entrepot.cli.trade.{_name}:app", name=_name, help=_summary, sort_key=_order)


@app.default
def trade() -> None:
    """Measure trade: what is traded, what could be, and how a target is reached."""
    from entrepot.cli import app as whole

    whole.help_print(["trade"])
