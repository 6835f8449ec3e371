"""Settings as entries with rows."""

from typing import Any

from modules.batch.settings.retries import SpotRetryStrategy
from modules.sqs.settings import MessageQueueSettings
from modules.variables import TerraformVariable, Variable
from reporting.entries import Entry, Row, groups
from reporting.values import plain
from tests.stacks.environments import environment, fargate_job


def entry(path: str, **values: Any) -> Entry:
    return next(found for group in groups(environment(**values)) for found in group.entries if found.path == path)


def rows(path: str, **values: Any) -> dict[str, Row]:
    return {row.name: row for row in entry(path, **values).rows}


def test_plain_settings_of_the_environment_come_first_and_then_its_maps_in_their_order() -> None:
    names = [group.name for group in groups(environment())]
    assert names[:3] == ["environment", "state", "layout"]
    assert [name for name in names if name in ("queues", "job_definitions")] == ["queues", "job_definitions"]
    assert "functions" in rows("environment"), "a map without entries is a setting without a value"


def test_what_the_file_says_is_told_from_defaults_inside_of_what_it_says_too() -> None:
    found = rows("job_definitions.embed", job_definitions={"embed": fargate_job(retry=SpotRetryStrategy())})
    assert {name: found[name].is_given for name in ("retry", "retry.attempts", "memory_mib", "parameters")} == {
        "retry": True,
        "retry.attempts": False,
        "memory_mib": True,
        "parameters": False,
    }
    assert plain(found["retry"].value) == "SpotRetryStrategy"


def test_nothing_inside_of_a_default_is_what_the_file_says() -> None:
    found = rows("queues.requests", queues={"requests": MessageQueueSettings(visibility_timeout_seconds=700)})
    assert [name for name, row in found.items() if row.is_given] == ["visibility_timeout_seconds"]
    assert "dead_letter_queue.delay_seconds" in found


def test_a_list_of_settings_leads_to_each_of_them() -> None:
    found = rows("job_definitions.embed")["access.read"]
    assert [(part.text, part.target) for part in found.value] == [
        ("BucketAccess", "job_definitions.embed.access.read[0]")
    ]


def test_who_uses_an_entry_is_told() -> None:
    assert "job_definitions.embed.access.consume[0]" in entry("queues.requests").used_by
    assert "job_definitions.embed.access.read[0].bucket" in entry("buckets.data").used_by


def test_a_row_says_what_the_setting_does_what_it_may_be_and_what_a_change_replaces() -> None:
    found = rows("environment")["name"].facts
    assert found.does.startswith("leads the names of its stacks")
    assert (found.allowed, found.replaced) == (
        "at most 16 characters",
        "a change replaces the whole platform, losing all data in it",
    )


def test_a_setting_that_a_variable_decides_says_which() -> None:
    memory = Variable(name="memory", description="of each job", default=2_048, at_most=4_096)
    assert isinstance(memory, TerraformVariable)
    found = rows("job_definitions.embed", job_definitions={"embed": fargate_job(timeout_seconds=_seconds())})
    assert (plain(found["timeout_seconds"].value), found["timeout_seconds"].words) == ("600", "variable timeout")


def _seconds() -> Any:
    return Variable(name="timeout", description="of each job", default=600, at_most=900)
