import json
from typing import Any

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from modules.iam.access_settings import is_wide

AWS = "arn:aws:iam::aws:policy"


def list_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def opens_everything(document: dict[str, Any]) -> bool:
    """Return whether a policy allows, on everything and without a condition, all actions or all but some."""
    return any(
        statement["Effect"] == "Allow"
        and "*" in list_of(statement.get("Resource"))
        and not statement.get("Condition")
        and ("*" in list_of(statement.get("Action")) or "NotAction" in statement)
        for statement in list_of(document["Statement"])
    )


def test_every_policy_of_aws_that_opens_an_account_is_wide() -> None:
    policies = json.loads(aws_managed_policies_data)
    found = [name for name, policy in policies.items() if opens_everything(policy["Document"])]

    assert {"AdministratorAccess", "PowerUserAccess"} <= set(found)
    # It takes the permissions of the agent that it is attached to, and lends none to anybody else.
    assert [name for name in found if not is_wide(f"{AWS}/{name}")] == ["AIDevOpsAgentActionsPolicy"]


@pytest.mark.parametrize(
    "name",
    [
        "IAMFullAccess",
        "AmazonS3FullAccess",
        "AmazonEMRFullAccessPolicy_v2",
        "AWSKeyManagementServicePowerUser",
        "AWSCodeBuildAdminAccess",
        "ReadOnlyAccess",
        "SecretsManagerReadWrite",
        "job-function/DataScientist",
    ],
)
def test_what_opens_a_service_or_all_data_is_wide(name: str) -> None:
    assert is_wide(f"{AWS}/{name}")
    assert is_wide(f"arn:aws-cn:iam::aws:policy/{name}")
    assert not is_wide(f"arn:aws:iam::111122223333:policy/{name}")


@pytest.mark.parametrize(
    "name", ["AmazonS3ReadOnlyAccess", "CloudWatchAgentServerPolicy", "service-role/AmazonECSTaskExecutionRolePolicy"]
)
def test_what_is_narrower_is_not(name: str) -> None:
    assert not is_wide(f"{AWS}/{name}")
