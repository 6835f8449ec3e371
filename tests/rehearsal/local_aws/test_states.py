"""What is added of Step Functions is what AWS's API says."""

import json

from tests.rehearsal.local_aws.asking import client


def test_the_versions_of_a_state_machine_are_listed_newest_first() -> None:
    states = client("stepfunctions")
    role = client("iam").create_role(RoleName="a", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    definition = json.dumps({"StartAt": "a", "States": {"a": {"Type": "Succeed"}}})
    machine = states.create_state_machine(name="a", definition=definition, roleArn=role, publish=True)
    arn = machine["stateMachineArn"]
    states.update_state_machine(stateMachineArn=arn, definition=definition.replace('"a"', '"b"'), publish=True)
    versions = states.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    assert [version["stateMachineVersionArn"] for version in versions] == [f"{arn}:2", f"{arn}:1"]


def test_a_definition_is_found_valid() -> None:
    said = client("stepfunctions").validate_state_machine_definition(definition="{}")
    assert (said["result"], said["diagnostics"]) == ("OK", [])
