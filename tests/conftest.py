"""What every test may rely on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

# The same examples on every run and every machine; how long one takes is no property of the code.
settings.register_profile("entrepot", derandomize=True, deadline=None, database=None)
settings.load_profile("entrepot")


@pytest.fixture(scope="session", autouse=True)
def nothing_of_the_user_is_touched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What programs keep for their user lies elsewhere while tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield
