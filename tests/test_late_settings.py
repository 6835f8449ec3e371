"""What may be decided late is not looked at early: no check reads a setting that may come as a Terraform variable."""

import pytest

from modules.markers import ArnOf, Late, Production, RefersTo, marked
from modules.settings import Settings, settings_in
from reference.classes import settings_classes
from stacks.loading import load_environments
from tests.shipped import PACKAGES


@pytest.mark.parametrize("package", PACKAGES)
def test_no_check_reads_what_may_come_late(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    environments = load_environments(package=package)
    read: set[str] = set()
    attribute = Settings.__getattribute__

    def recorded(self: Settings, name: str) -> object:
        if name in marked(object.__getattribute__(self, "__class__"), Late):
            read.add(f"{type(self).__name__}.{name}")
        return attribute(self, name)

    monkeypatch.setattr(Settings, "__getattribute__", recorded)
    for environment in environments:
        for _, settings in settings_in(environment):
            for check in settings.checks():
                list(check())
    assert read == set()


def test_what_may_come_late_is_a_plain_value() -> None:
    late = {(kind, name) for kind in settings_classes() for name in marked(kind, Late)}
    assert len(late) > 20
    assert [name for kind, name in late for other in (Production, ArnOf, RefersTo) if name in marked(kind, other)] == []
    assert {kind.model_fields[name].annotation for kind, name in late} <= {int, str, bool}
