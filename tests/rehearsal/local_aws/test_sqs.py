"""What is added of SQS is what AWS's API says."""

import json

import pytest

from tests.rehearsal.local_aws.asking import ACCOUNT, REGION, client


def test_a_queue_keeps_its_policy_when_other_attributes_change() -> None:
    sqs = client("sqs")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sqs:*"}]}
    url = sqs.create_queue(QueueName="a", Attributes={"Policy": json.dumps(policy)})["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "5"})
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (json.loads(shown["Policy"]), shown["DelaySeconds"]) == (policy, "5")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert "Policy" not in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


@pytest.mark.parametrize("names", [["All"], ["RedriveAllowPolicy"], ["RedriveAllowPolicy", "DelaySeconds"]])
def test_a_queue_says_who_may_use_it_for_dead_letters(names: list[str]) -> None:
    sqs = client("sqs")
    policy = '{"redrivePermission":"denyAll"}'
    url = sqs.create_queue(QueueName="a")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedriveAllowPolicy": policy})
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    assert shown["RedriveAllowPolicy"] == policy


def test_a_redrive_policy_is_shown_without_spaces() -> None:
    sqs = client("sqs")
    sqs.create_queue(QueueName="dead")
    policy = f'{{"deadLetterTargetArn":"arn:aws:sqs:{REGION}:{ACCOUNT}:dead","maxReceiveCount":5}}'
    url = sqs.create_queue(QueueName="a", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    assert (
        sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]["RedrivePolicy"]
        == policy
    )
