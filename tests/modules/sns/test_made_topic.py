import json
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.kms.settings import ExistingKmsKey
from modules.naming import AwsLocation
from modules.sns.made_topic import MadeTopic
from modules.sns.new_topic import NewTopic
from tests.conftest import Synthesized
from tests.problems import refused

KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
ALARMS = "arn:aws:cloudwatch:us-east-1:111122223333:alarm:tb-*"


def define(stack: TerraformStack, location: AwsLocation, **settings: Any) -> Synthesized:
    sources = {"cloudwatch.amazonaws.com": [ALARMS]}
    MadeTopic(stack, "alarms", name="tb-alarms", settings=NewTopic(**settings), location=location, sources=sources)
    return Synthesized(stack)


def test_cloudwatch_may_publish_for_its_alarms_and_use_the_key(stack: TerraformStack, location: AwsLocation) -> None:
    made = define(stack, location)
    publish, tls = json.loads(made.one("aws_sns_topic_policy")["policy"])["Statement"]
    assert (publish["Action"], publish["Principal"]) == ("sns:Publish", CLOUDWATCH)
    assert publish["Condition"] == {"ArnEquals": {"aws:SourceArn": [ALARMS]}}
    assert (tls["Effect"], tls["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    use = json.loads(made.one("aws_kms_key")["policy"])["Statement"][1]
    assert (use["Action"], use["Principal"]) == (["kms:Decrypt", "kms:GenerateDataKey"], CLOUDWATCH)
    assert made.one("aws_sns_topic")["kms_master_key_id"].startswith("${aws_kms_key.")


def test_a_key_of_somebody_else_s_is_used_as_it_is(stack: TerraformStack, location: AwsLocation) -> None:
    made = define(stack, location, kms_key=ExistingKmsKey(key_arn=KEY))
    assert made.one("aws_sns_topic")["kms_master_key_id"] == KEY
    assert made.all("aws_kms_key") == []


def test_each_address_is_a_subscription(stack: TerraformStack, location: AwsLocation) -> None:
    made = define(stack, location, emails=["b@example.com", "a@example.com"])
    subscriptions = made.all("aws_sns_topic_subscription")
    assert {(item["protocol"], item["endpoint"]) for item in subscriptions} == {
        ("email", "a@example.com"),
        ("email", "b@example.com"),
    }


@pytest.mark.parametrize("email", ["example.com", "a@b", "a b@example.com"])
def test_what_is_no_address_is_refused(email: str) -> None:
    assert refused(NewTopic, emails=[email])
