"""A check that is itself broken says so: it never ends in silence, as if nothing were wrong."""

from collections.abc import Iterator

import pytest

import main
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.problems import Problem
from modules.settings import BrokenCheckError
from stacks import loading
from stacks.environment_settings import EnvironmentSettings
from stacks.rules import services
from tests.modules.ecs.samples import worker_settings
from tests.problems import problems
from tests.stacks.rules.service_samples import with_cluster

FAULT = r"^tests/test_broken_checks\.py:\d+: {name} is broken: {error}"


def misspelt(self: QueueWorkerService) -> int:
    # mypy refuses an ignore of what it does not find: so this line also shows that it finds a misspelt setting.
    return int(self.longest_mesage_seconds)  # type: ignore[attr-defined]


def of_another_map(environment: EnvironmentSettings, path: str, service: QueueWorkerService) -> Iterator[Problem]:
    del path
    yield Problem(str(environment.queues[service.cluster]), "be", None, "")


def as_far_as_valid(environment: EnvironmentSettings, path: str, service: QueueWorkerService) -> Iterator[Problem]:
    assert service.valid_value("cluster") in environment.clusters
    yield Problem(path, str(service.valid_value("clutser", "main")), None)


def test_a_misspelt_setting_in_a_property(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QueueWorkerService, "longest_seconds", property(misspelt))
    with pytest.raises(BrokenCheckError, match=FAULT.format(name="misspelt", error="AttributeError")):
        worker_settings()


def test_an_entry_that_is_looked_up_in_another_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_caller_problems", of_another_map)
    with pytest.raises(BrokenCheckError, match=FAULT.format(name="of_another_map", error="MissingEntryError: 'main'")):
        with_cluster(services={"worker": worker_settings()})


def test_a_misspelt_setting_that_is_read_as_far_as_it_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_caller_problems", as_far_as_valid)
    with pytest.raises(BrokenCheckError, match=FAULT.format(name="as_far_as_valid", error="KeyError: 'clutser'")):
        with_cluster(services={"worker": worker_settings()})


def test_an_entry_that_is_looked_up_by_a_name_which_is_reported_is_no_fault() -> None:
    found = problems(lambda: with_cluster(services={"worker": worker_settings(cluster="mian")}))
    assert [message.partition(" ")[0] for message in found] == ["services.worker.cluster"]


def test_the_program_says_whose_fault_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(names: object) -> None:
        try:
            [].pop()
        except IndexError as error:
            raise BrokenCheckError(error) from error

    monkeypatch.setattr(loading, "load_environments", broken)
    assert main.main(["check"]) == 1
    assert "broken is broken: IndexError" in (printed := capsys.readouterr().err)
    assert "a fault of Terrabatch" in printed
