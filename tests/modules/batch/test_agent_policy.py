from typing import Any

import pytest

from modules.batch.agent_policy import agent_statements
from modules.iam.policy import policy_document
from modules.naming import AwsLocation
from tests.modules.batch.samples import LOCATION
from tests.policies import findings, statements

ECS = "arn:aws:ecs:us-east-1:111122223333"
CLUSTERS = [f"{ECS}:cluster/AWSBatch-tb-test-gpu-*", f"{ECS}:cluster/tb-test-gpu-*_Batch_*"]
INSTANCES = [arn.replace(":cluster/", ":container-instance/") + "/*" for arn in CLUSTERS]


def policy(location: AwsLocation = LOCATION) -> dict[str, dict[str, Any]]:
    return statements(policy_document(agent_statements(location, "tb-test-gpu")))


def test_the_agent_works_in_the_cluster_of_its_own_compute_environment() -> None:
    found = policy()

    assert found["JoinCluster"]["Resource"] == CLUSTERS
    assert found["WorkInCluster"]["Resource"] == f"{ECS}:container-instance/*"
    assert found["WorkInCluster"]["Condition"] == {"ArnLike": {"ecs:cluster": CLUSTERS}}
    assert found["TagInstances"]["Resource"] == INSTANCES
    assert found["TagInstances"]["Condition"] == {"StringEquals": {"ecs:CreateAction": "RegisterContainerInstance"}}


def test_only_actions_that_take_no_resource_are_allowed_on_everything() -> None:
    everything = {sid: statement["Action"] for sid, statement in policy().items() if statement["Resource"] == "*"}

    assert everything == {"FindCluster": ["ec2:DescribeTags", "ecs:DiscoverPollEndpoint"]}


@pytest.mark.parametrize("service", ["ecr", "logs", "s3", "iam"])
def test_images_and_logs_are_not_the_agent_s(service: str) -> None:
    actions = [action for statement in policy().values() for action in statement["Action"]]
    assert not [action for action in actions if action.startswith(f"{service}:") or "*" in action]


def test_it_lies_in_the_environment_s_own_partition() -> None:
    china = policy(AwsLocation(region="cn-north-1", account_id="111122223333"))
    assert china["JoinCluster"]["Resource"][0].startswith("arn:aws-cn:ecs:cn-north-1:111122223333:cluster/")


def test_it_is_clean_for_parliament() -> None:
    assert findings(policy_document(agent_statements(LOCATION, "tb-test-gpu"))) == set()
