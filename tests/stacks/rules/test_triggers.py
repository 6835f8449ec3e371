from typing import Any

from modules.batch.settings.submissions import JobRequest
from modules.scheduler.settings import ScheduleSettings
from tests.problems import refused
from tests.stacks.environments import environment


def scheduled(**request: Any) -> Any:
    target = JobRequest(job_definition="embed", **request)
    return environment(schedules={"nightly": ScheduleSettings(target=target, expression="rate(1 day)")})


def test_what_a_schedule_starts_is_checked_like_any_job() -> None:
    assert scheduled(array_size=2)
    assert refused(scheduled, job_queue="large", parameters={"x": "1"}) == [
        "schedules.nightly.target.job_queue: got 'large'",
        "schedules.nightly.target.parameters.x: got 'x'",
    ]


def test_a_schedule_starts_what_there_is_in_a_group_that_there_is() -> None:
    missing = ScheduleSettings(
        target=JobRequest(job_definition="embed"), expression="rate(1 day)", dead_letter_queue="lost", group="night"
    )
    assert refused(lambda: environment(schedules={"nightly": missing})) == [
        "schedules.nightly.dead_letter_queue: got 'lost'",
        "schedules.nightly.group: got 'night'",
    ]
