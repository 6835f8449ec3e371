"""What passes an endpoint, as a table: who asks, for what, and whose it is."""

from dataclasses import replace
from typing import Any

import pytest

from modules.iam.policy import policy_document
from modules.naming import AwsLocation
from modules.vpc.endpoint_services import interface_services
from modules.vpc.perimeter import ANY_RESOURCE, WITHOUT_POLICY, Perimeter
from tests.simulator import Request, is_allowed, statements_of

OURS, THEIRS, TRUSTED, NAMED = "111122223333", "999999999999", "222222222222", "333333333333"
PERIMETER = Perimeter(
    AwsLocation(region="us-east-1", account_id=OURS),
    trusted_accounts=[TRUSTED],
    accounts={"sqs": [NAMED]},
    bucket_arns=["arn:aws:s3:::partner"],
    public_buckets=["commoncrawl"],
)
IN_NETWORK_WITH_NAT = replace(PERIMETER, is_closed=False, public_buckets=[])


def passes(
    service: str, action: str, principal: str | None, owner: str | None, *, resource: str = "*", by: Any = PERIMETER
) -> bool:
    """Return whether a request by one account (None: by nobody) to what is another's passes the endpoint."""
    statements = by.s3_statements() if service == "s3" else by.endpoint_statements(service)
    context = {"aws:PrincipalIsAWSService": "false"}
    context |= {"aws:PrincipalAccount": principal} if principal else {}
    context |= {"aws:ResourceAccount": owner} if owner else {}
    return is_allowed(statements_of(policy_document(statements)), Request(action, resource, context=context))


# Those whose policies differ from others', and some of the others.
SERVICES = sorted(
    {
        *ANY_RESOURCE,
        "batch",
        "dynamodb",
        "ecr.api",
        "ecr.dkr",
        "kinesis-streams",
        "sqs",
        "ssm",
        "sts",
        "bedrock-runtime-fips",
    }
)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("principal", "owner", "allowed"),
    [
        (OURS, OURS, True),
        (OURS, TRUSTED, True),
        (TRUSTED, OURS, True),
        (TRUSTED, TRUSTED, True),
        (THEIRS, THEIRS, False),
        (THEIRS, OURS, False),
        (None, THEIRS, False),
    ],
)
def test_requests_pass_between_accounts_that_belong_together(
    service: str, principal: str | None, owner: str, allowed: bool
) -> None:
    assert passes(service, "any:Write", principal, owner) is allowed


@pytest.mark.parametrize("service", SERVICES)
def test_our_requests_to_resources_of_others_stay_inside(service: Any) -> None:
    assert passes(service, "any:Write", OURS, THEIRS) is (service.removesuffix("-fips") in ANY_RESOURCE)


@pytest.mark.parametrize("service", SERVICES)
def test_services_of_aws_pass(service: Any) -> None:
    statements = statements_of(policy_document(PERIMETER.endpoint_statements(service)))
    assert is_allowed(statements, Request("any:Write", "*", context={"aws:PrincipalIsAWSService": "true"}))


DOCUMENT, PARAMETER = "arn:aws:ssm:us-east-1::document/AWS-RunShellScript", "arn:aws:ssm:us-east-1::parameter/aws/a"


@pytest.mark.parametrize(
    ("service", "action", "principal", "owner", "resource", "allowed"),
    [
        # What settings name by its ARN is reached by us, in its own service only.
        ("sqs", "sqs:SendMessage", OURS, NAMED, "*", True),
        ("sqs", "sqs:SendMessage", NAMED, NAMED, "*", False),
        ("sqs", "sqs:SendMessage", NAMED, OURS, "*", False),
        ("logs", "logs:PutLogEvents", OURS, NAMED, "*", False),
        # Images are pulled from every account that allows it, and pushed to our own.
        ("ecr.dkr", "ecr:BatchGetImage", OURS, THEIRS, "*", True),
        ("ecr.api", "ecr:GetDownloadUrlForLayer", OURS, THEIRS, "*", True),
        ("ecr.api", "ecr:PutImage", OURS, THEIRS, "*", False),
        ("ecr.dkr", "ecr:UploadLayerPart", OURS, THEIRS, "*", False),
        ("ecr.api", "ecr:PutImage", OURS, OURS, "*", True),
        ("ecr.dkr", "ecr:BatchGetImage", THEIRS, THEIRS, "*", False),
        # Documents and parameters of AWS are nobody's account.
        ("ssm", "ssm:GetDocument", OURS, None, DOCUMENT, True),
        ("ssm", "ssm:GetParameters", OURS, None, PARAMETER, True),
        ("ssm", "ssm:GetParameter", THEIRS, None, PARAMETER, False),
        ("ssm", "ssm:PutParameter", OURS, None, PARAMETER, False),
        ("ssm", "ssm:GetParameter", OURS, THEIRS, f"arn:aws:ssm:us-east-1:{THEIRS}:parameter/a", False),
        # A pod takes on its role before it is anybody.
        ("sts", "sts:AssumeRoleWithWebIdentity", None, OURS, "*", True),
        ("sts", "sts:AssumeRoleWithWebIdentity", None, THEIRS, "*", False),
        ("sts", "sts:AssumeRole", OURS, THEIRS, "*", False),
        ("sts", "sts:AssumeRole", None, OURS, "*", False),
        # Models are AWS's.
        ("bedrock-runtime", "bedrock:InvokeModel", OURS, None, "*", True),
    ],
)
def test_what_each_service_needs_passes(
    service: str, action: str, principal: str | None, owner: str | None, resource: str, *, allowed: bool
) -> None:
    assert passes(service, action, principal, owner, resource=resource) is allowed


def bucket(name: str) -> str:
    return f"arn:aws:s3:::{name}/key"


LAYERS = bucket("prod-us-east-1-starport-layer-bucket")


@pytest.mark.parametrize(
    ("action", "principal", "owner", "resource", "closed", "with_nat"),
    [
        ("s3:PutObject", OURS, OURS, bucket("data"), True, True),
        ("s3:GetObject", OURS, OURS, bucket("data"), True, True),
        ("s3:GetObject", TRUSTED, TRUSTED, bucket("data"), True, True),
        ("s3:PutObject", OURS, THEIRS, bucket("data"), False, False),
        ("s3:PutObject", THEIRS, THEIRS, bucket("data"), False, False),
        ("s3:PutObject", None, THEIRS, bucket("data"), False, False),
        ("s3:ListBucket", THEIRS, THEIRS, "arn:aws:s3:::data", False, False),
        # Where there is another way to the internet, an endpoint hides nothing that is public.
        ("s3:GetObject", OURS, THEIRS, bucket("data"), False, True),
        ("s3:GetObject", None, THEIRS, bucket("data"), False, True),
        # Buckets that settings name.
        ("s3:PutObject", OURS, THEIRS, bucket("partner"), True, True),
        ("s3:ListBucket", OURS, THEIRS, "arn:aws:s3:::partner", True, True),
        ("s3:PutObject", THEIRS, THEIRS, bucket("partner"), False, False),
        ("s3:PutObject", OURS, THEIRS, bucket("partner-2"), False, False),
        ("s3:GetObject", None, THEIRS, bucket("commoncrawl"), True, True),
        ("s3:ListBucket", OURS, THEIRS, "arn:aws:s3:::commoncrawl", True, False),
        ("s3:PutObject", OURS, THEIRS, bucket("commoncrawl"), False, False),
        # AWS's own.
        ("s3:GetObject", THEIRS, THEIRS, LAYERS, True, True),
        ("s3:PutObject", THEIRS, THEIRS, LAYERS, False, False),
        ("s3:GetObject", None, THEIRS, bucket("al2023-repos-us-east-1-de612dc2"), True, True),
        ("s3:GetObject", None, THEIRS, bucket("al2023-repos-us-east-1-evil"), False, True),
        ("s3:GetObject", None, THEIRS, bucket("prod-eu-west-1-starport-layer-bucket"), False, True),
        ("s3:GetObject", None, THEIRS, bucket("amazon-ssm-us-east-1"), True, True),
        # Buckets are managed from elsewhere.
        ("s3:PutBucketPolicy", OURS, OURS, "arn:aws:s3:::data", False, False),
        ("s3:DeleteBucket", OURS, OURS, "arn:aws:s3:::data", False, False),
        ("s3:PutObjectAcl", OURS, OURS, bucket("data"), False, False),
    ],
)
def test_what_passes_the_endpoint_of_s3(
    action: str, principal: str | None, owner: str, resource: str, *, closed: bool, with_nat: bool
) -> None:
    assert passes("s3", action, principal, owner, resource=resource) is closed
    assert passes("s3", action, principal, owner, resource=resource, by=IN_NETWORK_WITH_NAT) is with_nat


def test_one_account_is_written_as_aws_hands_it_back() -> None:
    (ours, _) = Perimeter(PERIMETER.location).endpoint_statements("sqs")
    assert ours["Condition"] == {"StringEquals": {"aws:PrincipalAccount": OURS, "aws:ResourceAccount": OURS}}


def test_a_policy_has_room_in_an_endpoint() -> None:
    many = [f"{number:012}" for number in range(200)]
    wide = replace(PERIMETER, trusted_accounts=many, bucket_arns=[f"arn:aws:s3:::b-{number}" for number in range(50)])
    documents = [wide.s3_statements(), *(wide.endpoint_statements(service) for service in SERVICES)]
    assert max(len(policy_document(item)) for item in documents) <= 20_480


def test_what_is_said_of_endpoints_is_said_of_such_that_there_are() -> None:
    assert interface_services().keys() >= ANY_RESOURCE | WITHOUT_POLICY
