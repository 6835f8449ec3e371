"""What may pass the endpoints of a VPC: requests of this account to this account, and what settings name besides.

A policy of an endpoint grants nothing: what passes still needs the caller's own permissions. It keeps data in: neither
do credentials of somebody else, smuggled into a job, carry it out, nor does a job of ours into somebody else's queue.

Source: "Control access to VPC endpoints using endpoint policies" in the PrivateLink guide; "Building a data perimeter
on AWS", its exceptions for each service; "SSM Agent communications with AWS managed S3 buckets"; "Minimum Amazon S3
bucket permissions for Amazon ECR"; "Installing the Amazon ECS container agent".
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from modules import arns
from modules.ecr.pull import PULL
from modules.iam.policy import Condition, Statement, allow
from modules.naming import AwsLocation
from modules.vpc.endpoint_services import EndpointService

ANYBODY = {"AWS": "*"}
# These take no other policy than the one that lets everything pass; what their agents say belongs to no resource.
WITHOUT_POLICY: frozenset[EndpointService] = frozenset({"ecs-agent", "ecs-telemetry"})
# What is called here is often AWS's own (images, models), or no resource at all (the channels of a session).
ANY_RESOURCE: frozenset[EndpointService] = frozenset(
    {
        "bedrock",
        "bedrock-agent",
        "bedrock-agent-runtime",
        "bedrock-data-automation",
        "bedrock-data-automation-runtime",
        "bedrock-runtime",
        "ebs",  # says nothing of the account of snapshots
        "ec2",
        "ec2messages",
        "ecr-public.api",
        "ssmmessages",
    }
)
# What is done with objects; buckets are managed from elsewhere.
OBJECT_ACTIONS = (
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:DeleteObjectTagging",
    "s3:DeleteObjectVersion",
    "s3:GetBucketLocation",
    "s3:GetObject",
    "s3:GetObjectAttributes",
    "s3:GetObjectTagging",
    "s3:GetObjectVersion",
    "s3:GetObjectVersionTagging",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "s3:PutObjectTagging",
)
READ_ACTIONS = ("s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket")
# Of image layers, packages of Amazon Linux, the agents of Systems Manager, CloudWatch and ECS. They are read under
# signatures of AWS or none.
AWS_BUCKETS = (
    "al2023-repos-{region}-de612dc2",
    "amazon-ecs-agent-{region}",
    "amazon-ssm-packages-{region}",
    "amazon-ssm-{region}",
    "amazoncloudwatch-agent-{region}",
    "amazonlinux-2-repos-{region}",
    "aws-ssm-distributor-file-{region}",
    "aws-ssm-document-attachments-{region}",
    "aws-ssm-{region}",
    "patch-baseline-snapshot-{region}",
    "prod-{region}-starport-layer-bucket",
    "{region}-birdwatcher-prod",
)


@dataclass(frozen=True)
class Perimeter:
    """Whose requests pass, and to what.

    ``trusted_accounts``: whose requests pass like ours, to them and to us. ``accounts`` has more accounts by service,
    to whose resources our requests pass; ``bucket_arns`` and ``public_buckets`` (by name) are buckets of others that we
    use, and that anybody reads. ``is_closed``: nothing leads to the internet, so that an endpoint is all there is.
    """

    location: AwsLocation
    trusted_accounts: Sequence[str] = ()
    accounts: Mapping[str, Collection[str]] = field(default_factory=dict)
    bucket_arns: Collection[str] = ()
    public_buckets: Sequence[str] = ()
    is_closed: bool = True

    def endpoint_statements(self, service: str) -> list[Statement]:
        """Return what may pass the endpoint of ``service``."""
        service = service.removesuffix("-fips")
        ours = self._principals()
        resources = {} if service in ANY_RESOURCE else self._resources(service)
        by_aws = {"Bool": {"aws:PrincipalIsAWSService": "true"}}
        found = [
            allow("Ours", ["*"], "*", principal=ANYBODY, condition={"StringEquals": {**ours, **resources}}),
            allow("ServicesOfAws", ["*"], "*", principal=ANYBODY, condition=by_aws),
        ]
        match service:
            case "ecr.api" | "ecr.dkr":
                # From any registry that lets us: agents that AWS adds come from accounts that differ by region.
                found.append(allow("Pull", PULL, "*", principal=ANYBODY, condition={"StringEquals": ours}))
            case "ssm":
                found.append(self._public_parameters(ours))
            case "sts":
                # A caller that assumes a role with another provider's token is no principal of an account yet.
                actions = ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]
                found.append(allow("Federated", actions, "*", principal=ANYBODY, condition={"StringEquals": resources}))
        return found

    def s3_statements(self) -> list[Statement]:
        """Return what may pass the gateway endpoint of S3."""
        ours: Condition = {"StringEquals": self._principals()}
        both: Condition = {"StringEquals": {**self._principals(), **self._resources("s3")}}
        found = [allow("Ours", OBJECT_ACTIONS, "*", principal=ANYBODY, condition=both)]
        if self.bucket_arns:
            named = [text for arn in sorted(set(self.bucket_arns)) for text in (arn, f"{arn}/*")]
            found.append(allow("NamedBuckets", OBJECT_ACTIONS, named, principal=ANYBODY, condition=ours))
        if not self.is_closed:
            # They could be read through the internet, too: image layers of other registries, packages, data sets.
            return [*found, allow("ReadAsAnybody", ["s3:GetObject"], "*", principal=ANYBODY)]
        aws = [f"{arns.bucket(self.location, bucket.format(region=self.location.region))}/*" for bucket in AWS_BUCKETS]
        found.append(allow("BucketsOfAws", ["s3:GetObject"], aws, principal=ANYBODY))
        if self.public_buckets:
            buckets = [arns.bucket(self.location, name) for name in sorted(self.public_buckets)]
            public = [text for arn in buckets for text in (arn, f"{arn}/*")]
            found.append(allow("PublicBuckets", READ_ACTIONS, public, principal=ANYBODY))
        return found

    @property
    def _own_accounts(self) -> set[str]:
        return {self.location.account_id, *self.trusted_accounts}

    def _principals(self) -> dict[str, str | list[str]]:
        return {"aws:PrincipalAccount": _one_or_more(self._own_accounts)}

    def _resources(self, service: str) -> dict[str, str | list[str]]:
        return {"aws:ResourceAccount": _one_or_more({*self._own_accounts, *self.accounts.get(service, ())})}

    def _public_parameters(self, ours: Mapping[str, str | Sequence[str]]) -> Statement:
        actions = ["ssm:DescribeDocument", "ssm:GetDocument", "ssm:GetParameter", "ssm:GetParameters"]
        resources = [arns.documents_of_aws(self.location, "*"), arns.parameters_of_aws(self.location, "*")]
        return allow("OfAws", actions, resources, principal=ANYBODY, condition={"StringEquals": ours})


def _one_or_more(accounts: set[str]) -> str | list[str]:
    """AWS hands a list of one back as a string."""
    return accounts.pop() if len(accounts) == 1 else sorted(accounts)
