"""Edits of production as a user makes them; docs/edits.md says what each of them does to what is deployed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stacks.environment import Environment

ROOT = Path(__file__).resolve().parents[1]
# What production is made of: what it has in common with staging, then what is its own.
FILES = ("shared/storage", "shared/jobs", "shared/tasks", "shared/starts", "prod")

GPU_SPOT = "max_vcpus=512,\n            launch_template=LaunchTemplateSettings(root_volume_gib=100"
DOCUMENTS_QUEUE = '"documents": MessageQueueSettings(visibility_timeout_seconds=900)'
NAMED_QUEUE = 'MessageQueueSettings(visibility_timeout_seconds=900, physical_name="terrabatch-prod-documents")'
STATE = "production=True,"
IMAGES_QUEUE = '"images": MessageQueueSettings(visibility_timeout_seconds=600)'


@dataclass(frozen=True)
class Edit:
    """What a user wants, and the texts of its files that are replaced for it, each there exactly once.

    ``taken_back``: what happens when it is undone is told as well.
    """

    wish: str
    texts: tuple[tuple[str, str], ...]
    taken_back: bool = False


def edit(wish: str, *texts: str, taken_back: bool = False) -> Edit:
    """Return an edit that replaces the first text by the second, the third by the fourth, and so on."""
    return Edit(wish, tuple(zip(texts[::2], texts[1::2], strict=True)), taken_back)


def joined(edits: Iterable[Edit]) -> Edit:
    """Return all of ``edits`` as one."""
    return Edit("", tuple(text for one in edits for text in one.texts))


EDITS: Sequence[Edit] = (
    edit("another tag of everything", '"cost-center": "ml-platform"', '"cost-center": "search"'),
    edit("another image of all jobs and workers", 'tag="1.4.0"', 'tag="1.5.0"'),
    edit("more vCPUs of a compute environment on instances", GPU_SPOT, GPU_SPOT.replace("512", "1_024")),
    edit("more vCPUs of a compute environment on Fargate", "(max_vcpus=512)", "(max_vcpus=1_024)"),
    edit(
        "other instance types of a compute environment",
        f'"g6.2xlarge"],\n            {GPU_SPOT}',
        f'"g6.2xlarge", "g5.4xlarge"],\n            {GPU_SPOT}',
    ),
    edit("a larger root volume of a compute environment", GPU_SPOT, GPU_SPOT.replace("gib=100", "gib=200")),
    edit(
        "Fargate Spot instead of Fargate",
        '"light": FargateComputeEnvironment(max_vcpus=128)',
        '"light": FargateSpotComputeEnvironment(max_vcpus=128)',
    ),
    edit(
        "another name of a compute environment",
        '"light-spot": FargateSpotComputeEnvironment',
        '"burst": FargateSpotComputeEnvironment',
        '"light": JobQueueSettings(compute_environments=["light-spot", "light"]',
        '"light": JobQueueSettings(compute_environments=["burst", "light"]',
        '"shared": JobQueueSettings(compute_environments=["light-spot", "light"]',
        '"shared": JobQueueSettings(compute_environments=["burst", "light"]',
    ),
    edit(
        "the other compute environment of a job queue first",
        '"gpu": JobQueueSettings(compute_environments=["gpu-spot", "gpu"]',
        '"gpu": JobQueueSettings(compute_environments=["gpu", "gpu-spot"]',
    ),
    edit(
        "another priority of a job queue",
        '["gpu-spot", "gpu"], priority=10)',
        '["gpu-spot", "gpu"], priority=20)',
    ),
    edit("other shares of the teams", '"search": 0.5', '"search": 1.0'),
    edit(
        "a team less",
        """    "ads": TeamAccess(
        tag_value="ads", shared_job_definitions=["score"], shared_job_queues=["shared"], share_identifier="ads"
    ),
""",
        "",
    ),
    edit("more memory of a job", "memory_mib=14_000", "memory_mib=15_000"),
    edit("a longer timeout of a job", "timeout_seconds=10_800", "timeout_seconds=14_400"),
    edit("a job that writes elsewhere", 'prefix="scores/"', 'prefix="results/"'),
    edit("a submission more in an array", "embed_jobs=200", "embed_jobs=400"),
    edit("a longer visibility timeout of a queue", DOCUMENTS_QUEUE, DOCUMENTS_QUEUE.replace("900", "1_200")),
    edit(
        "a key of its own for a queue",
        IMAGES_QUEUE,
        IMAGES_QUEUE.replace("600)", "600, kms_key=NewKmsKey())"),
        "from modules.efs.settings import",
        "from modules.kms.settings import NewKmsKey\nfrom modules.efs.settings import",
        taken_back=True,
    ),
    edit(
        "another name of a queue",
        DOCUMENTS_QUEUE,
        DOCUMENTS_QUEUE.replace('"documents"', '"papers"'),
        'Notification(queue="documents"',
        'Notification(queue="papers"',
        '        queue="documents",',
        '        queue="papers",',
    ),
    edit(
        "another name of a queue, which moves",
        DOCUMENTS_QUEUE,
        f'"papers": {NAMED_QUEUE}',
        'Notification(queue="documents"',
        'Notification(queue="papers"',
        '        queue="documents",',
        '        queue="papers",',
        STATE,
        f'moved={{"queues.documents": "queues.papers"}},\n    {STATE}',
    ),
    edit(
        "another name of an image repository, which moves",
        'RepositoryImage(repository="train"',
        'RepositoryImage(repository="training"',
        '"train": RepositorySettings()',
        '"training": RepositorySettings(physical_name="terrabatch-prod-train")',
        STATE,
        f'moved={{"repositories.train": "repositories.training"}},\n    {STATE}',
    ),
    edit(
        "a queue more",
        IMAGES_QUEUE,
        f'{IMAGES_QUEUE},\n    "videos": MessageQueueSettings(visibility_timeout_seconds=600)',
    ),
    edit("objects kept longer", "expire_after_days=30)", "expire_after_days=60)"),
    edit(
        "objects announced under another prefix",
        'queue="images", prefix="incoming/images/"',
        'queue="images", prefix="new/images/"',
    ),
    edit("another folder of an access point", 'Settings(path="/models"', 'Settings(path="/weights"'),
    edit(
        "an image repository more",
        '"train": RepositorySettings()',
        '"train": RepositorySettings(), "serve": RepositorySettings()',
    ),
    edit("more tasks of a worker", "max_tasks=200", "max_tasks=300"),
    edit(
        "a worker that may be later",
        "seconds_per_message=20,\n        acceptable_latency_seconds=1_800",
        "seconds_per_message=20,\n        acceptable_latency_seconds=3_600",
    ),
    edit(
        "larger tasks of a worker",
        "task=FargateTask(\n            vcpus=4.0",
        "task=FargateTask(\n            vcpus=8.0",
    ),
    edit("more instances of a capacity provider", "max_instances=40", "max_instances=60"),
    edit("more of them on demand", "on_demand_percent=25", "on_demand_percent=50"),
    edit("a task at another time", "cron(0 3 ? * SUN *)", "cron(0 5 ? * SUN *)"),
    edit(
        "a subnet in one more zone",
        '"us-east-1b", "us-east-1c"]',
        '"us-east-1b", "us-east-1c", "us-east-1d"]',
        taken_back=True,
    ),
    edit("a NAT gateway", 'public_buckets=["commoncrawl"]', "nat_gateways=1"),
    edit("other addresses of the network", 'cidr_block="10.30.0.0/16"', 'cidr_block="10.40.0.0/16"'),
)


def production_source() -> str:
    """Return all that production is as one file."""
    text = "\n".join((ROOT / "stacks/environments" / f"{name}.py").read_text(encoding="utf-8") for name in FILES)
    return re.sub(r"(?m)^from stacks\.environments\.shared\.\w+ import (\([^)]*\)|.*)\n", "", text)


def edited(change: Edit, source: str) -> Environment:
    """Return production as an edit makes it.

    Raises ValueError where a text is not there exactly once, SettingsError where the result is refused.
    """
    for old, new in change.texts:
        if source.count(old) != 1:
            raise ValueError(f"{change.wish}: {old!r} is {source.count(old)} times in production")
        source = source.replace(old, new)
    names: dict[str, object] = {}
    exec(compile(source, "prod.py", "exec"), names)
    environment = names["PROD"]
    assert isinstance(environment, Environment)
    return environment
