"""What was renamed and what exists is told of as Terraform can do it."""

from typing import Any

import pytest

from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider
from modules.ecs.settings.clusters import ClusterSettings
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.s3.settings import BucketSettings
from modules.settings import collect_problems, nested_problems
from modules.sns.new_topic import NewTopic
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from tests.problems import in_short, problems_of, refused
from tests.stacks.environments import environment

QUEUE = MessageQueueSettings(visibility_timeout_seconds=900)
NAMED = MessageQueueSettings(visibility_timeout_seconds=900, physical_name="old")
THEIRS = ExistingQueue(queue_arn="arn:aws:sqs:us-east-1:111122223333:theirs", visibility_timeout_seconds=900)
POINTS = {"new": AccessPointSettings(path="/models", uid=1_000, gid=1_000)}
TOKENS = {"plain": None, "named": "token"}
ENTRIES: dict[str, Any] = {
    "queues": {"named": NAMED, "plain": QUEUE, "theirs": THEIRS},
    "buckets": {"plain": BucketSettings()},
    "topics": {"told": NewTopic()},
}


def moving(moved: dict[str, str], **changes: Any) -> list[str]:
    return refused(environment, **ENTRIES | changes, moved=moved)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("queues.plain", "queues.named", "moved.queues.plain: got 'queues.plain'"),  # which is still there
        ("queues.old", "queues.theirs", "moved.queues.old: got 'queues.theirs'"),
        ("queues.old", "queues.nowhere", "moved.queues.old: got 'queues.nowhere'"),
        ("queues.old", "buckets.plain", "moved.queues.old: got 'buckets.plain'"),
        ("queues.old", "queues.plain", "queues.plain.physical_name: got None"),
        ("buckets.old", "buckets.plain", "buckets.plain.physical_name: got None"),
        ("topics.old", "topics.told", "moved.topics.old: got 'topics.told'"),
        ("submissions.old", "submissions.new", "moved.submissions.old: got 'submissions.new'"),
        ("queues.a.b", "queues.named", "moved.queues.a.b: got 'queues.named'"),
    ],
)
def test_an_entry_moves_to_one_that_is_made_here_and_keeps_its_name(old: str, new: str, problem: str) -> None:
    assert moving({old: new}) == [problem]


def test_the_name_that_an_entry_had_is_told() -> None:
    (queue,) = problems_of(environment, **ENTRIES, moved={"queues.old": "queues.plain"})
    (bucket,) = problems_of(environment, **ENTRIES, moved={"buckets.old": "buckets.plain"})
    assert 'physical_name="terrabatch-test-old"' in queue.fix
    assert 'physical_name="terrabatch-test-old-111122223333"' in bucket.fix


def test_two_cannot_become_one_and_a_way_is_written_to_its_end() -> None:
    both = {"queues.a": "queues.named", "queues.b": "queues.named"}
    assert moving(both) == [f"moved.{old}: got 'queues.named'" for old in both]
    assert moving({"queues.a": "queues.b", "queues.b": "queues.named"}) == ["moved.queues.a: got 'queues.b'"]
    assert len(moving({"queues.a": "queues.b", "queues.b": "queues.a"})) == 2


@pytest.mark.parametrize("path", ["queues", "queues.", "Queues.a", "queues.a b", f"queues.{'a' * 494}"])
def test_a_path_is_a_map_and_a_name_in_it(path: str) -> None:
    (problem,) = moving({path: "queues.named"})
    assert problem.startswith("moved")


def test_an_access_point_moves_though_it_has_no_name_to_keep_and_a_capacity_provider_does_not() -> None:
    files = {"weights": FileSystemSettings(access_points=POINTS)}
    path = "file_systems.weights.access_points"
    assert environment(file_systems=files, moved={f"{path}.old": f"{path}.new"}).moved

    gpu = AutoScalingGroupCapacityProvider(instance_types=["g6.xlarge"], max_instances=1, on_demand_percent=100)
    shares = [CapacityShare(provider="gpu")]
    clusters = {"workers": ClusterSettings(capacity_providers={"gpu": gpu}, default_capacity=shares)}
    path = "clusters.workers.capacity_providers"
    assert refused(environment, clusters=clusters, moved={f"{path}.old": f"{path}.gpu"}) == [
        f"moved.{path}.old: got '{path}.gpu'"
    ]


@pytest.mark.parametrize(
    ("path", "problems"),
    [
        ("queues.named", []),
        ("queues.nowhere", ["imported.queues.nowhere: got 'queues.nowhere'"]),
        ("queues.theirs", ["imported.queues.theirs: got 'queues.theirs'"]),
        ("file_systems.plain", ["file_systems.plain.physical_name: got None"]),
        ("file_systems.named", []),
    ],
)
def test_what_is_taken_over_is_an_entry_that_is_made_here_and_a_file_system_has_its_token(
    path: str, problems: list[str]
) -> None:
    files = {name: FileSystemSettings(access_points=POINTS, physical_name=token) for name, token in TOKENS.items()}
    with collect_problems():
        given = "fs-0123456789abcdef0" if path.startswith("file_systems") else "old"
        found = nested_problems(environment(**ENTRIES, file_systems=files, imported={path: given}))
    assert in_short(found) == problems


@pytest.mark.parametrize(
    ("given", "problems"),
    [("old", 0), ("old-dlq", 0), ("terrabatch-test-named", 1), ("fs-0123456789abcdef0", 0), ("fs-0123", 1)],
)
def test_a_name_is_one_that_the_entry_gives_unless_it_is_an_id(given: str, problems: int) -> None:
    path = "queues.named"
    with collect_problems():
        found = list(nested_problems(environment(**ENTRIES, imported={path: given})))
    assert in_short(found) == [f"imported.{path}: got {given!r}"] * problems


@pytest.mark.parametrize("below", ["", ".dead-letter-queue"])
def test_what_moves_is_not_taken_over_as_well(below: str) -> None:
    path = f"queues.named{below}"
    assert moving({"queues.old": "queues.named"}, imported={path: "old"}) == [f"imported.{path}: got {path!r}"]
