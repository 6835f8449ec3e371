"""How tests look at the errors of settings."""

from collections.abc import Callable
from typing import Any

import pytest

from modules.problems import SettingsError
from modules.settings import Settings


def problems(build: Callable[[], object]) -> list[str]:
    """Return the problems that building something raises, as the user reads them."""
    with pytest.raises(SettingsError) as raised:
        build()
    return [str(problem) for problem in raised.value.problems]


def message(settings: type[Settings], **values: Any) -> str:
    """Return the whole text of the error that making ``settings`` raises."""
    with pytest.raises(SettingsError) as raised:
        settings(**values)
    return str(raised.value)
