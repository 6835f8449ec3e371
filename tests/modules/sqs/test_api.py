"""The SQS API takes what we emit, as moto plays it; the provider passes it on under the names below."""

import json
import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from cdktf import TerraformStack
from moto import mock_aws

from modules.kms.settings import ExistingKmsKey
from modules.naming import AwsLocation
from modules.sqs.message_queue import MessageQueue
from modules.sqs.settings import FifoMessageQueueSettings, MessageQueueSettings, ServiceSender
from tests.conftest import Synthesized

ATTRIBUTES = {
    "content_based_deduplication": "ContentBasedDeduplication",
    "deduplication_scope": "DeduplicationScope",
    "delay_seconds": "DelaySeconds",
    "fifo_queue": "FifoQueue",
    "fifo_throughput_limit": "FifoThroughputLimit",
    "kms_data_key_reuse_period_seconds": "KmsDataKeyReusePeriodSeconds",
    "kms_master_key_id": "KmsMasterKeyId",
    "max_message_size": "MaximumMessageSize",
    "message_retention_seconds": "MessageRetentionPeriod",
    "receive_wait_time_seconds": "ReceiveMessageWaitTimeSeconds",
    "sqs_managed_sse_enabled": "SqsManagedSseEnabled",
    "visibility_timeout_seconds": "VisibilityTimeout",
}
DOCUMENTS = {
    "aws_sqs_queue_policy": ("policy", "Policy"),
    "aws_sqs_queue_redrive_allow_policy": ("redrive_allow_policy", "RedriveAllowPolicy"),
    "aws_sqs_queue_redrive_policy": ("redrive_policy", "RedrivePolicy"),
}
REFERENCE = re.compile(r"\$\{([^}]+)\}")
KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.client("sqs", region_name="us-east-1")


def text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def attributes(resource: dict[str, Any]) -> dict[str, str]:
    return {ATTRIBUTES[key]: text(value) for key, value in resource.items() if key not in ("name", "tags")}


def apply(sqs: Any, synthesized: Synthesized) -> dict[str, dict[str, str]]:
    """Do what Terraform would do; return the attributes of each queue by its name."""
    urls: dict[str, str] = {}
    known: dict[str, str] = {}
    for id_, resource in synthesized.document["resource"]["aws_sqs_queue"].items():
        url = sqs.create_queue(
            QueueName=resource["name"], Attributes=attributes(resource), tags=resource.get("tags", {})
        )["QueueUrl"]
        urls[resource["name"]] = url
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        known |= {f"aws_sqs_queue.{id_}.url": url, f"aws_sqs_queue.{id_}.arn": arn}
    documents: dict[str, dict[str, str]] = {url: {} for url in urls.values()}
    for type_, (argument, attribute) in DOCUMENTS.items():
        for resource in synthesized.all(type_):
            url, document = (
                REFERENCE.sub(lambda found: known[found[1]], resource[key]) for key in ("queue_url", argument)
            )
            documents[url][attribute] = document
    for url, settings in documents.items():
        sqs.set_queue_attributes(QueueUrl=url, Attributes=settings)
    return {
        name: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"] for name, url in urls.items()
    }


SETTINGS = [
    MessageQueueSettings(visibility_timeout_seconds=900),
    MessageQueueSettings(
        visibility_timeout_seconds=43_200,
        delay_seconds=900,
        message_retention_seconds=44_101,
        max_message_bytes=1_024,
        receive_wait_seconds=0,
        max_receive_count=1_000,
        kms_key=ExistingKmsKey(key_arn=KEY_ARN),
        kms_data_key_reuse_seconds=86_400,
        send_principals=["arn:aws:iam::444455556666:root"],
        send_services=[ServiceSender(service="s3.amazonaws.com", source_arn="arn:aws:s3:::data")],
        tags={"team": "search"},
    ),
    MessageQueueSettings(visibility_timeout_seconds=0, message_retention_seconds=60, max_receive_count=1),
    FifoMessageQueueSettings(visibility_timeout_seconds=0, content_based_deduplication=True),
    FifoMessageQueueSettings(visibility_timeout_seconds=0, high_throughput=True),
]


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_api_takes_every_attribute_as_it_is_emitted(
    stack: TerraformStack, location: AwsLocation, sqs: Any, settings: MessageQueueSettings
) -> None:
    MessageQueue(stack, "requests", name="tb-test-requests", settings=settings, location=location)
    synthesized = Synthesized(stack)
    there = apply(sqs, synthesized)

    for queue in synthesized.all("aws_sqs_queue"):
        expected = attributes(queue)
        assert {key: there[queue["name"]].get(key) for key in expected} == expected
    source, dead = sorted(there, key=lambda name: "-dlq" in name)
    assert json.loads(there[source]["RedrivePolicy"]) == {
        "deadLetterTargetArn": there[dead]["QueueArn"],
        "maxReceiveCount": settings.max_receive_count,
    }
    for name in (source, dead):
        statement, *_ = json.loads(there[name]["Policy"])["Statement"]
        assert (statement["Sid"], statement["Resource"]) == ("DenyWithoutTls", there[name]["QueueArn"])


@pytest.mark.parametrize("settings", SETTINGS)
def test_what_we_emit_are_attributes_of_the_api(
    stack: TerraformStack, location: AwsLocation, sqs: Any, settings: MessageQueueSettings
) -> None:
    MessageQueue(stack, "requests", name="tb-test-requests", settings=settings, location=location)
    names = sqs.meta.service_model.shape_for("QueueAttributeName").enum

    assert {*ATTRIBUTES.values(), *(attribute for _, attribute in DOCUMENTS.values())} <= set(names)
    for queue in Synthesized(stack).all("aws_sqs_queue"):
        assert set(attributes(queue)) <= set(names)
