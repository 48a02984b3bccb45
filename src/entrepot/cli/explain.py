"""`entrepot explain`: the sum behind a price, what keeps a route unused, what a rule changes."""

from __future__ import annotations

from typing import Any

from cyclopts import App
from rich.text import Text

from entrepot.clearing.answers import Clearing
from entrepot.clearing.clear import clear
from entrepot.cli.cleared import cleared
from entrepot.cli.console import output, working
from entrepot.cli.show.orders import show_orders
from entrepot.cli.show.reasons import show_explanation
from entrepot.results.explain import explain as explain_price
from entrepot.results.lifted import Lifted, lifted, lifted_study
from entrepot.results.orders import orders as all_orders
from entrepot.results.passing import passing
from entrepot.results.plants import plant_margin
from entrepot.results.why_not import why_not as explain_route

app = App(
    name="explain",
    help_epilogue="One of --place and --good, --why-not, --orders, --plant, --quota, --ban, "
    "--duty, --closed.\n\n"
    "Examples:\n\n"
    "  entrepot explain caspian --place br-santos --good potash\n"
    "  entrepot explain caspian --why-not btk --good potash\n"
    "  entrepot explain caspian --orders --good urea\n"
    "  entrepot explain caspian --plant urea-sumgayit\n"
    "  entrepot explain caspian --ban lt-potash-transit\n"
    "  entrepot explain my-study --scenario canal --why-not 'first-leg;second-leg'",
)


def one_question(**words: Any) -> None:
    """Refuse words that ask nothing, or two things at once."""
    asked = [each for each in QUESTIONS if words.get(each)]
    if len(asked) > 1:
        told = " and ".join(f"--{each.replace('_', '-')}" for each in asked)
        raise ValueError(f"Ask one question at a time: {told} are several")
    if not asked:
        raise ValueError(
            "Say which price, with --place and --good, or which route, with --why-not; or ask for "
            "--orders, a --plant, a --quota, a --ban, a --duty or a --closed leg"
        )
    if asked == ["place"] and words.get("good") is None:
        raise ValueError("Say the price of what at that place, with --good")


QUESTIONS = ("place", "why_not", "orders", "plant", "quota", "ban", "duty", "closed")
LIFTED = {"ban": "bans", "duty": "duties", "closed": "legs"}


@app.default(validator=one_question)
def explain(
    study: str,
    /,
    *,
    place: str | None = None,
    good: str | None = None,
    why_not: str | None = None,
    orders: bool = False,
    plant: str | None = None,
    quota: str | None = None,
    ban: str | None = None,
    duty: str | None = None,
    closed: str | None = None,
    period: str | None = None,
    scenario: list[str] | None = None,
) -> None:
    """Explain a price, or why a route, an order, a plant or a rule does what it does.

    Parameters
    ----------
    study
        A folder, a workbook or the name of a shipped study.
    place
        Where the price is.
    good
        What it is the price of, or what would use the route.
    why_not
        A leg, a corridor, or legs in order with `;` between them: how much cheaper it must be
        before it is used, and which scarcity would make it used.
    orders
        Every offer and bid beside the price that it met, and by how much those that are not
        filled must give way.
    plant
        What a plant earns, or by how much it would lose.
    quota
        Who passes a quota or a commitment, and what room in it is worth.
    ban
        What would change without this ban, everything else as it is: cleared again.
    duty
        What would change without this duty.
    closed
        What would change if this closed leg were open in every period.
    period
        Needed where the study has several and a price is asked for.
    scenario
        Apply a scenario of the study first; given several times, in that order.
    """
    clearing = cleared(study, scenario or [])
    rules = {"ban": ban, "duty": duty, "closed": closed}
    console = output()
    if why_not is not None:
        answer = explain_route(clearing, why_not, good, period)
        console.print(Text(answer.text()), soft_wrap=True)
    elif orders:
        show_orders(console, clearing.study, all_orders(clearing), good)
    elif plant is not None:
        console.print(Text(plant_margin(clearing, plant, period).text()), soft_wrap=True)
    elif quota is not None:
        held = clearing.study.table("commitments")["commitment"].to_list()
        table = "commitments" if quota in held else "quotas"
        console.print(Text(passing(clearing, table, quota).text()), soft_wrap=True)
    elif rule := next(((LIFTED[kind], name) for kind, name in rules.items() if name), None):
        console.print(Text(_lifted(clearing, *rule).text()), soft_wrap=True)
    elif place is not None and good is not None:
        show_explanation(console, clearing.study, explain_price(clearing, place, good, period))


def _lifted(held: Clearing, table: str, name: str) -> Lifted:
    """What a rule changes, cleared again without it."""
    study = lifted_study(held, table, name)
    with working(f"clearing without {name}") as say:
        free = clear(study, progress=lambda stage: say(f"without {name}: {stage}"))
    return lifted(held, free, table, name)
