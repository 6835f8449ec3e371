import json

from cdktf import TerraformStack

from modules.kms.settings import NewKmsKey
from modules.naming import AwsLocation
from modules.states.pipeline import Pipeline
from tests.conftest import Synthesized
from tests.modules.states.pipelines import calls, job, pipeline
from tests.policies import statements

HERE = AwsLocation("us-east-1", "111122223333")


def made(stack: TerraformStack, **values: object) -> Synthesized:
    settings = pipeline({"embed": job()}, parameters={"date": "it's today"}, **values)
    made = Pipeline(
        stack, "nightly", settings=settings, calls=calls(settings), permissions={}, name="tb-nightly", location=HERE
    )
    begin = "aws stepfunctions start-execution --region us-east-1 --state-machine-arn ${TfToken["
    assert made.start_command.startswith(begin)
    assert made.start_command.endswith(""" --input '{"date": "it'"'"'s today"}' --query executionArn --output text""")
    return Synthesized(stack)


def test_each_change_is_a_version_and_what_is_started_is_the_newest(stack: TerraformStack) -> None:
    synthesized = made(stack)
    machine, alias = synthesized.one("aws_sfn_state_machine"), synthesized.one("aws_sfn_alias")
    address = synthesized.address("aws_sfn_state_machine", "tb-nightly")
    assert machine["publish"] is True
    assert alias["routing_configuration"] == [
        {"state_machine_version_arn": f"${{{address}.state_machine_version_arn}}", "weight": 100}
    ]


def test_executions_are_traced_and_logged(stack: TerraformStack) -> None:
    synthesized = made(stack, log_level="ALL", log_execution_data=True, log_retention_days=90)
    machine = synthesized.one("aws_sfn_state_machine")
    group = synthesized.address("aws_cloudwatch_log_group", "/aws/vendedlogs/states/tb-nightly")
    assert machine["tracing_configuration"] == {"enabled": True}
    assert machine["logging_configuration"] == {
        "include_execution_data": True,
        "level": "ALL",
        "log_destination": f"${{{group}.arn}}:*",
    }
    assert synthesized.one("aws_cloudwatch_log_group")["retention_in_days"] == 90


def test_what_is_logged_may_have_a_key_of_its_own(stack: TerraformStack) -> None:
    synthesized = made(stack, log_kms_key=NewKmsKey())
    assert "kms_key_id" in synthesized.one("aws_cloudwatch_log_group")
    granted = statements(synthesized.one("aws_kms_key")["policy"])
    group = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/vendedlogs/states/tb-nightly"
    assert granted["EncryptLogGroup"]["Condition"] == {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": group}}


def test_a_state_machine_is_made_once_its_role_may_log(stack: TerraformStack) -> None:
    synthesized = made(stack)
    [policy] = synthesized.document["resource"]["aws_iam_role_policy"]
    assert synthesized.one("aws_sfn_state_machine")["depends_on"] == [f"aws_iam_role_policy.{policy}"]
    allowed = statements(synthesized.one("aws_iam_role_policy")["policy"])
    assert sorted(allowed) == ["DeliverLogs", "WriteTraces"]


def test_only_step_functions_of_this_account_have_the_role(stack: TerraformStack) -> None:
    [trust] = json.loads(made(stack).one("aws_iam_role")["assume_role_policy"])["Statement"]
    assert trust["Principal"] == {"Service": "states.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}
