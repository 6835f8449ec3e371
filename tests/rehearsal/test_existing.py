"""What stacks use and do not make is found in them, and is there in the local AWS under the same id."""

from typing import Any

import boto3
import pytest
from moto import mock_aws

from rehearsal.existing import existing_things
from rehearsal.lending import lend
from rehearsal.stacks import Stack

ACCOUNT, REGION = "123456789012", "eu-west-1"
LISTENER = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:listener/app/shared/0123456789abcdef/fedcba9876543210"
CERTIFICATE = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/6d2b1c7e-7f0a-4b0e-9d53-2f6a1c9e8b10"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/team/read-rules"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:process"
PROFILE, ROLE = (f"arn:aws:iam::{ACCOUNT}:{kind}" for kind in ("instance-profile/team/gpus", "role/team/gpus"))
CAPACITY = f"arn:aws:batch:{REGION}:{ACCOUNT}:compute-environment/burst"
TEMPLATE = "lt-0123456789abcdef0"
CLUSTER = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/models"
BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/theirs"
IDS = [
    *("vpc-0123456789abcdef0", "subnet-0a1b2c3d", "subnet-1a2b3c4d", "sg-0a1b2c3d", TEMPLATE),
    *(CERTIFICATE, CAPACITY, CLUSTER, LISTENER, PROFILE, POLICY, ROLE, FUNCTION, f"{FUNCTION}:live"),
]


def stack(*texts: str, **more: Any) -> Stack:
    provider = {"region": REGION, "allowed_account_ids": [ACCOUNT]}
    document = {"provider": {"aws": [provider]}, "resource": {"aws_a": {"a": {"names": list(texts)}}}, **more}
    return Stack("a", document, frozenset())


def test_ids_of_others_are_found_once_vpcs_before_what_lies_in_them() -> None:
    given = [*reversed(IDS), *IDS]
    assert [id_ for _, _, id_ in existing_things([stack(*given), stack(*given)])] == IDS


def test_each_is_found_with_its_account_and_region() -> None:
    assert existing_things([stack(data={"aws_subnet": {"a": {"id": "subnet-0a1b2c3d"}}})]) == [
        (ACCOUNT, REGION, "subnet-0a1b2c3d")
    ]


def test_what_a_variable_names_is_found() -> None:
    assert existing_things([stack(variable={"vpc_id": {"default": IDS[0]}})]) == [(ACCOUNT, REGION, IDS[0])]


def test_a_role_that_a_stack_makes_is_not_lent() -> None:
    made = {"aws_iam_role": {"a": {"name": "gpus"}}, "aws_a": {"a": {"role": ROLE}}}
    assert existing_things([stack(resource=made)]) == []


def test_an_event_bus_that_a_rule_is_on_is_lent_unless_it_is_made_here_or_the_accounts() -> None:
    buses = ["theirs", "${aws_cloudwatch_event_bus.a.name}", "default"]
    rules = {f"r{number}": {"event_bus_name": bus} for number, bus in enumerate(buses)} | {"plain": {}}
    assert existing_things([stack(resource={"aws_cloudwatch_event_rule": rules})]) == [(ACCOUNT, REGION, BUS)]


QUEUE_URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/theirs"
TAKEN = {
    "aws_cloudwatch_log_group": "/theirs",
    "aws_ecr_repository": "their/images",
    "aws_ecs_cluster": "theirs",
    "aws_s3_bucket": "their-objects",
    "aws_sns_topic": f"arn:aws:sns:{REGION}:{ACCOUNT}:theirs",
    "aws_sqs_queue": QUEUE_URL,
}


def test_what_is_taken_over_is_lent_with_its_type(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks: dict[str, Any] = {"import": [{"to": f"{type_}.a", "id": id_} for type_, id_ in TAKEN.items()]}
    things = existing_things([stack(**blocks)])
    assert [thing for _, _, thing in things] == [f"{type_} {id_}" for type_, id_ in TAKEN.items()]

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        lend([*things, (ACCOUNT, REGION, "aws_kms_alias alias/nobody-knows")])

        def client(service: str) -> Any:
            return boto3.client(service, region_name=REGION)

        assert client("sqs").get_queue_url(QueueName="theirs")["QueueUrl"].endswith(f"/{ACCOUNT}/theirs")
        assert client("s3").get_bucket_location(Bucket="their-objects")["LocationConstraint"] == REGION
        assert client("ecr").describe_repositories()["repositories"][0]["repositoryName"] == "their/images"
        assert client("sns").list_topics()["Topics"] == [{"TopicArn": TAKEN["aws_sns_topic"]}]
        assert client("logs").describe_log_groups()["logGroups"][0]["logGroupName"] == "/theirs"
        assert client("ecs").describe_clusters(clusters=["theirs"])["clusters"][0]["clusterName"] == "theirs"


@pytest.mark.parametrize(
    "text",
    [
        "${aws_subnet.a.id}",
        '{"Resource": "subnet-0a1b2c3d"}',
        "arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess",
        "arn:aws:s3:::theirs",
        "subnet-group",
    ],
)
def test_what_is_made_here_or_only_written_down_is_not_lent(text: str) -> None:
    assert existing_things([stack(text)]) == []


def test_what_is_lent_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        lend([(ACCOUNT, REGION, id_) for id_ in [*IDS, BUS]])
        events = boto3.client("events", region_name=REGION)
        assert events.describe_event_bus(Name="theirs")["Arn"] == BUS
        ec2 = boto3.client("ec2", region_name=REGION)
        subnets = ec2.describe_subnets(SubnetIds=["subnet-0a1b2c3d", "subnet-1a2b3c4d"])["Subnets"]
        assert {subnet["VpcId"] for subnet in subnets} == {"vpc-0123456789abcdef0"}
        assert len({subnet["AvailabilityZone"] for subnet in subnets}) == 2
        (group,) = ec2.describe_security_groups(GroupIds=["sg-0a1b2c3d"])["SecurityGroups"]
        assert group["VpcId"] == "vpc-0123456789abcdef0"
        balancing = boto3.client("elbv2", region_name=REGION)
        (listener,) = balancing.describe_listeners(ListenerArns=[LISTENER])["Listeners"]
        assert (listener["ListenerArn"], listener["Port"]) == (LISTENER, 80)
        acm = boto3.client("acm", region_name=REGION)
        assert acm.describe_certificate(CertificateArn=CERTIFICATE)["Certificate"]["CertificateArn"] == CERTIFICATE
        functions = boto3.client("lambda", region_name=REGION)
        for arn in (FUNCTION, f"{FUNCTION}:live"):
            assert functions.get_function(FunctionName=arn)["Configuration"]["FunctionName"] == "process"
        (cluster,) = boto3.client("ecs", region_name=REGION).describe_clusters(clusters=["models"])["clusters"]
        assert cluster["clusterArn"] == CLUSTER
        batch = boto3.client("batch", region_name=REGION)
        (capacity,) = batch.describe_compute_environments(computeEnvironments=["burst"])["computeEnvironments"]
        assert capacity["computeEnvironmentArn"] == CAPACITY
        (template,) = ec2.describe_launch_templates(LaunchTemplateIds=[TEMPLATE])["LaunchTemplates"]
        assert template["LaunchTemplateId"] == TEMPLATE
        iam = boto3.client("iam")
        assert iam.get_role(RoleName="gpus")["Role"]["Arn"] == ROLE
        assert iam.get_instance_profile(InstanceProfileName="gpus")["InstanceProfile"]["Arn"] == PROFILE
        assert iam.get_policy(PolicyArn=POLICY)["Policy"]["Arn"] == POLICY


def test_a_subnet_alone_gets_a_vpc() -> None:
    with mock_aws():
        lend([(ACCOUNT, REGION, "subnet-0a1b2c3d")])
        ec2 = boto3.client("ec2", region_name=REGION, aws_access_key_id="a", aws_secret_access_key="a")
        (subnet,) = ec2.describe_subnets(SubnetIds=["subnet-0a1b2c3d"])["Subnets"]
        assert subnet["VpcId"].startswith("vpc-")
