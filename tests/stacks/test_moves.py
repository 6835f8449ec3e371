"""What was renamed keeps its address, and what exists is taken over, by blocks that say so in the same stack."""

from typing import Any

import pytest

from handover.comparison import compare
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.kms.settings import NewKmsKey
from modules.s3.settings import BucketSettings
from modules.sqs.settings import FifoMessageQueueSettings
from stacks.environment import Environment
from stacks.loading import load_environments
from stacks.physical_names import given_names
from tests.handover.platforms import platform_of
from tests.problems import refused
from tests.shipped import PACKAGES, shipped_resources
from tests.stacks.environments import environment
from tests.synthesized import synthesized

KEY = NewKmsKey()
POINTS = {"models": AccessPointSettings(path="/models", uid=1_000, gid=1_000)}
KEY_ID = "12345678-1234-1234-1234-123456789012"


def stored(name: str, point: str, key: NewKmsKey | None = KEY, **more: Any) -> Environment:
    """Return an environment with entries of this name, which are all called the same in AWS."""
    return environment(
        queues={
            name: FifoMessageQueueSettings(visibility_timeout_seconds=900, kms_key=key, physical_name="jobs"),
        },
        buckets={name: BucketSettings(kms_key=key, physical_name="acme-jobs")},
        file_systems={name: FileSystemSettings(access_points={point: POINTS["models"]}, physical_name="jobs")},
        **more,
    )


MOVED = {
    "queues.old": "queues.new",
    "buckets.old": "buckets.new",
    "file_systems.old": "file_systems.new",
    "file_systems.old.access_points.models": "file_systems.new.access_points.weights",
}


def compared(before: Environment, after: Environment) -> Any:
    return compare(*(platform_of("test", synthesized(item)) for item in (before, after)))


def test_a_renamed_entry_changes_nothing_of_what_there_is() -> None:
    found = compared(stored("old", "models"), stored("new", "weights", moved=MOVED))
    (tag,) = found.changes
    assert (tag.path, tag.action) == ("file_systems/new/access_points/weights", "updated")
    assert [item.path for item in tag.differences] == ["tags.Name"]
    assert found.moved == [f"{old} → {new}" for old, new in sorted(MOVED.items())]


def test_without_a_word_all_of_it_would_be_destroyed() -> None:
    found = compared(stored("old", "models"), stored("new", "models"))
    assert found.count("removed") == found.count("added") > 10
    assert {str(move) for move in found.moves} == {
        f'moved={{"{kind}.old": "{kind}.new"}}' for kind in ("queues", "buckets", "file_systems")
    }


def test_a_key_that_goes_while_its_bucket_is_renamed_is_let_go_of() -> None:
    found = compared(stored("old", "models"), stored("new", "models", key=None, moved=dict(list(MOVED.items())[:3])))
    keys = {change.path: change.action for change in found.changes if change.type == "aws_kms_key"}
    assert keys == {"buckets/old/key": "released", "queues/old/key": "released"}


def test_every_entry_that_gives_names_can_move() -> None:
    for package in PACKAGES:
        emitted = {block["//"]["metadata"]["path"].partition("/")[2] for _, block in shipped_resources(package=package)}
        for shipped in load_environments(package=package):
            paths = {item.path for entry in given_names(shipped) for item in entry if item.name.is_made}
            for path in (path for path in paths if path.count(".") == 1 or ".access_points." in path):
                start = path.replace(".", "/")
                assert any(f"{other}/".startswith(f"{start}/") for other in emitted), path


QUEUES = "https://sqs.us-east-1.amazonaws.com/111122223333"
TAKEN = {
    "queues.new": ("jobs.fifo", f"{QUEUES}/jobs.fifo"),
    "queues.new.dead-letter-queue": ("jobs-dlq.fifo", f"{QUEUES}/jobs-dlq.fifo"),
    "queues.new.key": (KEY_ID, KEY_ID),
    "buckets.new": ("acme-jobs", "acme-jobs"),
    "file_systems.new": ("fs-0123456789abcdef0", "fs-0123456789abcdef0"),
    "file_systems.new.access_points.models": ("fsap-0123456789abcdef0", "fsap-0123456789abcdef0"),
    "job_queues.light": (
        "terrabatch-test-light",
        "arn:aws:batch:us-east-1:111122223333:job-queue/terrabatch-test-light",
    ),
    "job_queues.light.log-group": ("/aws/batch/terrabatch-test-light", "/aws/batch/terrabatch-test-light"),
}


def test_what_exists_is_taken_over_by_the_id_that_the_provider_takes() -> None:
    documents = synthesized(stored("new", "models", imported={path: given for path, (given, _) in TAKEN.items()}))
    found = {}
    for document in documents.values():
        for block in document.get("import", ()):
            type_, _, name = block["to"].partition(".")
            metadata = document["resource"][type_][name]["//"]["metadata"]
            path = metadata["path"].partition("/")[2].removesuffix("/Resource").replace("/", ".")
            found[path] = block["id"]
    assert found == {path: id_ for path, (_, id_) in TAKEN.items()}


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("queues.new", "jobs-dlq.fifo"),
        ("queues.new.policy", "jobs.fifo"),
        ("queues.new.nothing", "jobs.fifo"),
        ("file_systems.new", "jobs"),
        ("compute_environments.light", "terrabatch-test-light-"),
        ("job_definitions.embed", "terrabatch-test-embed"),
    ],
)
def test_what_is_called_otherwise_or_cannot_be_taken_over_is_refused(path: str, given: str) -> None:
    told = path if path.rpartition(".")[2] in ("policy", "nothing", "light", "embed") else given
    assert refused(lambda: synthesized(stored("new", "models", imported={path: given}))) == [
        f"imported.{path}: got {told!r}"
    ]
