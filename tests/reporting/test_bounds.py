"""How near an environment is to what AWS refuses."""

from modules.sqs.settings import MessageQueueSettings
from reporting.bounds import Bound, Driver, bounds, drivers
from tests.handover.platforms import platform_of
from tests.reporting.pages import report_of, shipped_report


def test_of_each_kind_the_fullest_is_told_and_the_fullest_kind_first() -> None:
    report = shipped_report("prod")
    found = bounds(report.environment, report.platform)
    assert [bound.percent for bound in found] == sorted((bound.percent for bound in found), reverse=True)
    assert len({bound.what for bound in found}) == len(found)
    assert all(0 < bound.percent <= 100 for bound in found)
    assert {"inline policies of a role", "job definition", "task definition", "name of role"} <= {
        bound.what for bound in found
    }


def test_a_name_is_told_with_the_setting_that_gives_it() -> None:
    queues = {name: MessageQueueSettings(visibility_timeout_seconds=700) for name in ("requests", "requests-of-others")}
    report = report_of(queues=queues)
    (found,) = (bound for bound in bounds(report.environment, report.platform) if bound.what == "name of queue")
    # terrabatch-test-requests-of-others-dead-letters, of two queues and their dead-letter queues
    assert (found.path.startswith("queues.requests-of-others"), found.most, found.count) == (True, 80, 4)


def test_what_is_full_is_told_in_percent_rounded_up() -> None:
    assert [Bound("", "", used, 64, "").percent for used in (0, 1, 32, 64)] == [0, 2, 50, 100]


def test_documents_are_measured_with_variables_at_their_defaults() -> None:
    policy = '{"Statement": ${var.text}}'
    stack = {"variable": {"text": {"default": "x" * 100}}, "resource": {"aws_iam_policy": {"p": {"policy": policy}}}}
    made = platform_of("test", {"test-batch": stack})
    (found,) = (bound for bound in bounds(report_of().environment, made) if bound.what == "managed policy")
    assert found.used == len(policy.replace(" ", "").replace("${var.text}", "x" * 100))


def test_what_may_run_is_told_with_what_always_does() -> None:
    found = {driver.what: driver for driver in drivers(shipped_report("prod").platform)}
    assert found["vCPUs of compute_environments.gpu-spot"] == Driver("vCPUs of compute_environments.gpu-spot", 0, 512)
    endpoints = found["interface endpoints, times zones"]
    assert endpoints.always == endpoints.most > 0
