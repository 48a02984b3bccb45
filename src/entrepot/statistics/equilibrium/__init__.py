"""Counterfactuals: what an agreement, a border or a cost would do once everything adjusts.

`conditional` keeps outputs and expenditures, `full` lets prices and incomes clear markets; their
columns carry their names and are never mixed. `gains` is the formula for autarky.
"""
