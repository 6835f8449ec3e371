import botocore.session
import pytest

from modules.batch.settings.job_logs import AGENT_DRIVERS, FARGATE_DRIVERS, CloudWatchJobLogs, DriverJobLogs
from tests.modules.batch.samples import SPLUNK, TOKEN
from tests.problems import refused

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
    assert refused(lambda: DriverJobLogs(driver="awslogs")) == [  # type: ignore[arg-type]
        "driver: got 'awslogs'"
    ]


def test_an_option_is_given_once() -> None:
    assert SPLUNK
    assert refused(
        lambda: DriverJobLogs(driver="splunk", options={"splunk-token": "x"}, secret_options={"splunk-token": TOKEN})
    ) == ["secret_options.splunk-token: got 'splunk-token'"]


def test_an_empty_option_would_show_as_a_change_in_every_plan() -> None:
    assert refused(lambda: DriverJobLogs(driver="gelf", options={"gelf-address": ""})) == [
        "options.gelf-address: 1, got ''"
    ]
    assert refused(lambda: CloudWatchJobLogs(multiline_pattern="")) == ["multiline_pattern: 1, got ''"]
