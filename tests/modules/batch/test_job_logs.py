import botocore.session
import pytest

from modules.batch.settings.job_logs import AGENT_DRIVERS, FARGATE_DRIVERS, CloudWatchJobLogs, DriverJobLogs
from tests.modules.batch.samples import SPLUNK, TOKEN
from tests.problems import problems

DRIVERS = ("fluentd", "gelf", "journald", "json-file", "splunk", "syslog")


def test_the_batch_api_has_every_driver() -> None:
    model = botocore.session.get_session().get_service_model("batch")
    known = set(model.shape_for("LogDriver").enum)

    assert {*DRIVERS, *AGENT_DRIVERS, *FARGATE_DRIVERS} == known - {"awsfirelens"}


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_driver_is_docker_s(driver: str) -> None:
    assert DriverJobLogs(driver=driver).log_driver == driver  # type: ignore[arg-type]
    assert CloudWatchJobLogs().log_driver == "awslogs"


def test_cloudwatch_is_no_other_place() -> None:
    assert problems(lambda: DriverJobLogs(driver="awslogs")) == [  # type: ignore[arg-type]
        "driver must be one of 'fluentd', 'gelf', 'journald', 'json-file', 'splunk', 'syslog', got 'awslogs'; "
        "as Docker calls it; json-file and journald stay on the instance and go with it"
    ]


def test_an_option_is_given_once() -> None:
    assert SPLUNK
    assert problems(
        lambda: DriverJobLogs(driver="splunk", options={"splunk-token": "x"}, secret_options={"splunk-token": TOKEN})
    ) == ["secret_options.splunk-token must not be in options too, got 'splunk-token'; only one of the two can win"]


def test_an_empty_option_would_show_as_a_change_in_every_plan() -> None:
    assert problems(lambda: DriverJobLogs(driver="gelf", options={"gelf-address": ""})) == [
        'options.gelf-address must have at least 1 character, got \'\'; the driver\'s, e.g. {"splunk-url": "https://…"}'
    ]
    assert problems(lambda: CloudWatchJobLogs(multiline_pattern="")) == [
        "multiline_pattern must have at least 1 character, got ''; "
        "what the first line of a message looks like, e.g. ^\\d{4}-; None: every line"
    ]
