"""How countries and blocs stand to each other, from the rows of table ``relations``.

`alignment` is the measure, `unfriendly` asks it for the countries below a threshold,
`beside_ideal_points` sets it beside how countries vote in the United Nations.
"""
