"""Routes in words agree with names joined one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.routing import spelled as spelling
from entrepot.routing.graph import TURN
from entrepot.routing.listed import listed
from entrepot.routing.spelled import spelled

NAMES = ["a", "порт - порт", "Ĉx (back)", "d e"]
LEG = np.array([0, 1, TURN, 2, 3, 0])


@given(
    routes=st.lists(st.lists(st.integers(0, len(LEG) - 1), max_size=6), max_size=8),
    room=st.sampled_from([1, 20, 1 << 20]),
)
def test_names_are_joined(routes: list[list[int]], room: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spelling, "AT_ONCE", room)
        found = spelled(listed([(0, 1.0, arcs) for arcs in routes]), LEG, NAMES)
    told = [";".join(NAMES[LEG[arc]] for arc in arcs if LEG[arc] != TURN) for arcs in routes]
    assert found.to_list() == told
