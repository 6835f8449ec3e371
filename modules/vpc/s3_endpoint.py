"""The gateway endpoint of S3: without charge, and the way to S3 of every subnet, with or without NAT."""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from constructs import Construct

from modules.iam.policy import Statement, allow, policy_document
from modules.naming import AwsLocation
from modules.vpc.endpoint_services import endpoint_service_name

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


def s3_endpoint_statements(account_id: str) -> list[Statement]:
    """Return what may pass the endpoint. It grants nothing: what passes still needs the caller's own permissions.

    Data leaves only under a name that this account gave out: credentials of somebody else, smuggled into a job, cannot
    carry it into their bucket. A job that takes on a role of another account cannot write there from here either; let
    that account's bucket policy name the job's role instead.
    """
    anybody = {"AWS": "*"}
    return [
        # Any bucket: which ones, roles and bucket policies say.
        allow(
            "ObjectsAsThisAccount",
            OBJECT_ACTIONS,
            "*",
            principal=anybody,
            condition={"StringEquals": {"aws:PrincipalAccount": account_id}},
        ),
        # Any bucket and anybody: image layers, packages of Amazon Linux and public datasets are read from buckets of
        # others, under signatures of others or none.
        allow("ReadAsAnybody", ["s3:GetObject"], "*", principal=anybody),
    ]


class S3Endpoint(Construct):
    """Define the gateway endpoint and its routes. ``prefix_list_id``, a token, stands for S3's addresses in rules."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        vpc_id: str,
        route_table_ids: Sequence[str],
        location: AwsLocation,
    ) -> None:
        super().__init__(scope, id_)
        endpoint = VpcEndpoint(
            self,
            "Resource",
            vpc_id=vpc_id,
            vpc_endpoint_type="Gateway",
            service_name=endpoint_service_name(location.region, "s3"),
            route_table_ids=list(route_table_ids),
            policy=policy_document(s3_endpoint_statements(location.account_id)),
            tags={"Name": name},
        )
        self.prefix_list_id: str = endpoint.prefix_list_id
