from modules.naming import AwsLocation
from modules.states.permissions import execution_statements, job_statements, record_statements

HERE = AwsLocation("us-east-1", "111122223333")
QUEUE = "arn:aws:batch:us-east-1:111122223333:job-queue/gpu"


def test_exactly_these_jobs_may_be_submitted_and_only_those_with_the_tags_ended() -> None:
    granted = {item["Sid"]: item for item in job_statements(HERE, ["embed"], [QUEUE], {"project": "tb"})}
    definition = "arn:aws:batch:us-east-1:111122223333:job-definition/embed"
    assert granted["SubmitNamed"]["Resource"][:3] == [definition, f"{definition}:*", QUEUE]
    assert granted["EndJobs"]["Condition"] == {"StringEquals": {"aws:ResourceTag/project": "tb"}}
    assert granted["WatchJobs"]["Resource"].endswith(":rule/StepFunctionsGetEventsForBatchJobsRule")
    everything = {sid for sid, item in granted.items() if item["Resource"] == "*"}
    assert everything == {"DescribeJobs"}


def test_only_the_live_version_of_these_pipelines_may_be_executed() -> None:
    granted = {item["Sid"]: item for item in execution_statements(HERE, ["tb-inner"])}
    assert granted["StartExecutions"]["Resource"] == "arn:aws:states:us-east-1:111122223333:stateMachine:tb-inner:live"
    assert granted["FollowExecutions"]["Resource"] == "arn:aws:states:us-east-1:111122223333:execution:tb-inner:*"
    assert granted["WatchExecutions"]["Resource"].endswith(":rule/StepFunctionsGetEventsForStepFunctionsExecutionRule")


def test_no_right_is_a_wildcard() -> None:
    assert all("*" not in action for item in record_statements() for action in item["Action"])
