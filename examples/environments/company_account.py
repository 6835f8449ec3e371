"""Company account: under a company's rules for every account, with one exception granted in writing."""

from modules.batch.settings.compute_environments import FargateComputeEnvironment
from modules.batch.settings.job_definitions import FargateJobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.iam.access_settings import Access, BucketAccess
from modules.s3.settings import BucketSettings
from modules.vpc.settings import ExistingNetwork
from stacks.environment import Environment
from stacks.other_states import NoState

# A vendor's image, which unpacks its licence to /opt before it starts.
REDACT = (
    "666666666666.dkr.ecr.eu-central-1.amazonaws.com/vendor/redact"
    "@sha256:1f2e3d4c5b6a79881726354433221100ffeeddccbbaa99887766554433221100"
)

COMPANY_ACCOUNT = Environment(
    name="company-account",
    project="acme-claims",
    account_id="666666666666",
    region="eu-central-1",
    production=True,
    production_waivers={
        "job_definitions.redact.read_only_root_filesystem": "vendor image writes its licence to /opt, ticket ML-12",
    },
    state=NoState(backend="gcs", key_prefix="ml"),  # the pipeline that deploys it knows the bucket
    network=ExistingNetwork(
        vpc_id="vpc-0a1b2c3d4e5f60718", subnet_ids=["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"]
    ),
    buckets={"claims": BucketSettings()},
    compute_environments={"light": FargateComputeEnvironment(max_vcpus=64)},
    job_queues={"light": JobQueueSettings(compute_environments=["light"])},
    job_definitions={
        "redact": FargateJobDefinition(
            job_queues=["light"],
            image=REDACT,
            user="1000:1000",
            read_only_root_filesystem=False,
            vcpus=1.0,
            memory_mib=4_096,
            timeout_seconds=1_800,
            access=Access(
                read=[BucketAccess(bucket="claims", prefix="incoming/")],
                write=[BucketAccess(bucket="claims", prefix="redacted/")],
            ),
        ),
    },
)
