"""How tests look at the errors of settings."""

from collections.abc import Callable

import pytest

from modules.problems import SettingsError


def problems(build: Callable[[], object]) -> list[str]:
    """Return the problems that building something raises, as the user reads them."""
    with pytest.raises(SettingsError) as raised:
        build()
    return [str(problem) for problem in raised.value.problems]
