import pytest

from modules.ec2.settings import LaunchTemplateSettings
from modules.ecs.settings.clusters import ClusterSettings
from modules.naming import MOST_TAGS, MOST_TAGS_OF_AWS
from modules.s3.settings import BucketSettings
from modules.sqs.settings import MessageQueueSettings
from tests.modules.ecs.samples import FARGATE, group_provider
from tests.problems import refused
from tests.stacks.environments import environment, fargate_job


def test_tags_of_ones_own_are_kept() -> None:
    assert environment(tags={"Team": "search", "cost-center": "7"}).tags == {"Team": "search", "cost-center": "7"}


@pytest.mark.parametrize("key", ["project", "Project", "ENVIRONMENT"])
def test_the_tags_that_permissions_depend_on_cannot_be_given(key: str) -> None:
    assert refused(lambda: environment(tags={key: "x"})) == [f"tags.{key}: got {key!r}"]


def test_keys_differ_by_more_than_case() -> None:
    assert refused(lambda: environment(tags={"Team": "a", "team": "b"})) == ["tags.team: got 'team'"]


def test_what_one_thing_is_tagged_with_adds_to_the_environment_s_tags_or_says_otherwise() -> None:
    queue = MessageQueueSettings(visibility_timeout_seconds=900, tags={"team": "b", "cost": "7"})
    made = environment(tags={"team": "a"}, queues={"requests": queue}).queues["requests"]
    assert isinstance(made, MessageQueueSettings)
    assert made.tags["team"] == "b"


@pytest.mark.parametrize("key", ["project", "Environment", "TEAM"])
def test_what_one_thing_is_tagged_with_is_not_almost_a_tag_of_the_environment(key: str) -> None:
    queue = MessageQueueSettings(visibility_timeout_seconds=900, tags={key: "b"})
    job = fargate_job(tags={key: "b"})
    assert refused(
        lambda: environment(tags={"team": "a"}, queues={"requests": queue}, job_definitions={"embed": job})
    ) == [f"{path}.tags.{key}: got {key!r}" for path in ("queues.requests", "job_definitions.embed")]


def test_keys_of_one_thing_differ_by_more_than_case() -> None:
    bucket = BucketSettings(tags={"Data": "a", "data": "b"})
    assert refused(lambda: environment(buckets={"data": bucket})) == ["buckets.data.tags.data: got 'data'"]


def test_tags_of_things_are_checked_where_the_environment_has_bad_ones() -> None:
    queue = MessageQueueSettings(visibility_timeout_seconds=900, tags={"Project": "b"})
    told = refused(lambda: environment(tags={"aws:a": "b"}, queues={"requests": queue}))
    assert "queues.requests.tags.Project: got 'Project'" in told
    assert len(told) == 2


def tags(count: int, start: str) -> dict[str, str]:
    return {f"{start}{number}": "" for number in range(count)}


def test_there_is_room_for_the_tags_that_are_set_already() -> None:
    assert MOST_TAGS + len({"project", "environment", "Name", "AmazonECSManaged"}) == MOST_TAGS_OF_AWS
    assert environment(tags=tags(46, "a"))


def test_tags_of_one_thing_count_together_with_those_of_the_environment() -> None:
    def make(count: int) -> object:
        bucket = BucketSettings(tags=tags(count, "b") | tags(2, "a"))  # two say otherwise than the environment
        job = fargate_job(tags=tags(count, "j"))
        return environment(tags=tags(36, "a"), buckets={"data": bucket}, job_definitions={"embed": job})

    assert make(10)
    assert refused(lambda: make(11)) == [
        f"{path}.tags: 46, got 47" for path in ("buckets.data", "job_definitions.embed")
    ]


def test_instances_of_an_auto_scaling_group_have_the_tags_of_their_template_too() -> None:
    def make(count: int) -> object:
        template = LaunchTemplateSettings(tags=tags(count, "t"))
        group = group_provider(tags=tags(7, "g"), launch_template=template)
        cluster = ClusterSettings(capacity_providers={"gpu": group}, default_capacity=[FARGATE])
        return environment(tags=tags(29, "a"), clusters={"main": cluster})

    assert make(10)
    assert refused(lambda: make(11)) == ["clusters.main.capacity_providers.gpu.tags: 46, got 47"]


def test_a_company_has_keys_of_its_own_for_project_and_environment() -> None:
    own = environment(project_tag_key="Project", environment_tag_key="acme:environment")
    assert own.all_tags == {"Project": "terrabatch", "acme:environment": "test"}
    assert own.job_tags == own.all_tags
    assert environment().all_tags == {"project": "terrabatch", "environment": "test"}


@pytest.mark.parametrize("key", ["acme:environment", "ACME:Environment", "Project"])
def test_such_a_key_cannot_be_given_again(key: str) -> None:
    keys = {"project_tag_key": "Project", "environment_tag_key": "acme:environment"}
    assert refused(lambda: environment(tags={key: "x"}, **keys)) == [f"tags.{key}: got {key!r}"]
    assert environment(tags={"environment": "x"}, **keys)


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ({"environment_tag_key": "Project"}, "environment_tag_key"),
        ({"environment_tag_key": "name"}, "environment_tag_key"),
        ({"project_tag_key": "Name"}, "project_tag_key"),
        ({"project_tag_key": "aws:project"}, "project_tag_key"),
        ({"project_tag_key": "my project"}, "project_tag_key"),
        ({"project_tag_key": ""}, "project_tag_key"),
        ({"project_tag_key": "a" * 129}, "project_tag_key"),
    ],
)
def test_keys_of_ones_own_are_two_and_nobody_elses(keys: dict[str, str], path: str) -> None:
    assert {problem.partition(":")[0] for problem in refused(lambda: environment(**keys))} == {path}


def test_a_key_may_be_as_long_as_aws_takes() -> None:
    assert environment(project_tag_key="a" * 128)
