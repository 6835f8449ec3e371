import re
from pathlib import Path
from typing import Any

import pytest

from modules.ecr.settings import RepositorySettings
from modules.kms.settings import ExistingKmsKey
from modules.problems import SettingsError
from modules.settings import collect_problems, nested_problems
from modules.source import description
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from reference.classes import can_be_made, settings_classes
from stacks.environment import Environment
from stacks.rules import RULES
from stacks.state import LocalState, S3State
from tests.problems import refused
from tests.stacks.environments import empty_environment


def test_names_follow_from_project_environment_and_part() -> None:
    made = empty_environment(project="ml", repositories={"models": RepositorySettings()})

    assert made.physical_name("requests") == "ml-test-requests"
    assert made.bucket_name("data") == "ml-test-data-111122223333"
    assert made.bucket_arn("data") == "arn:aws:s3:::ml-test-data-111122223333"
    assert made.job_queue_arn("light") == "arn:aws:batch:us-east-1:111122223333:job-queue/ml-test-light"
    assert made.repository_uris == {"models": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ml-test-models"}


def test_everything_is_tagged_with_project_and_environment() -> None:
    assert empty_environment(tags={"team": "search"}).all_tags == {
        "project": "terrabatch",
        "environment": "test",
        "team": "search",
    }


def test_an_error_is_led_by_the_environment_s_name() -> None:
    assert refused(empty_environment, region="mars") == ["region: got 'mars'"]


@pytest.mark.parametrize("name", [None, 3])
def test_an_environment_without_a_usable_name_is_called_what_it_is(name: Any) -> None:
    with pytest.raises(SettingsError, match=r"^Environment: name "):
        empty_environment(name=name)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "x" * 16}, None),
        ({"name": "x" * 17}, "name: 16, got 'xxxxxxxxxxxxxxxxx'"),
        ({"project": "x" * 24}, None),
        ({"project": "x" * 25}, "project: 24, got 'xxxxxxxxxxxxxxxxxxxxxxxxx'"),
        ({"name": "Test"}, "name: got 'Test'"),
        ({"account_id": "11112222333"}, "account_id: got '11112222333'"),
        ({"account_id": 111122223333}, "account_id: got 111122223333"),
        ({"region": "ap-southeast-2"}, None),
        ({"deployment_role_arn": "arn:aws:iam::111122223333:role/ci/deploy"}, None),
        ({"deployment_role_arn": "deploy"}, "deployment_role_arn: got 'deploy'"),
        ({"production": "no"}, "production: got 'no'"),
    ],
)
def test_what_an_environment_is_has_to_be_what_aws_accepts(changes: dict[str, Any], expected: str | None) -> None:
    if expected is None:
        assert empty_environment(**changes)
    else:
        assert refused(empty_environment, **changes) == [expected]


def test_the_deployment_role_is_of_the_account_that_is_deployed_to() -> None:
    role = "arn:aws:iam::444455556666:role/deploy"

    assert refused(lambda: empty_environment(deployment_role_arn=role)) == [
        f"deployment_role_arn: 111122223333, got '{role}'"
    ]


def test_a_key_of_somebody_else_s_is_in_the_region() -> None:
    def queue(region: str) -> MessageQueueSettings:
        key = ExistingKmsKey(key_arn=f"arn:aws:kms:{region}:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab")
        return MessageQueueSettings(visibility_timeout_seconds=30, kms_key=key)

    assert empty_environment(queues={"a": queue("us-east-1")})
    assert refused(lambda: empty_environment(queues={"a": queue("us-east-1"), "b": queue("eu-west-1")})) == [
        "queues.b.kms_key.key_arn: got 'eu-west-1'"
    ]


def test_names_of_one_queue_too_long_do_not_hide_another_kind_s_problems() -> None:
    with collect_problems():
        bad = empty_environment(
            production=True,
            state=LocalState(),
            queues={
                "bad": MessageQueueSettings(visibility_timeout_seconds=30, max_receive_count=0),
                "circling": MessageQueueSettings(visibility_timeout_seconds=30, max_receive_count=None),
                "x" * 64: MessageQueueSettings(visibility_timeout_seconds=30),
                "theirs": ExistingQueue(
                    queue_arn="arn:aws:sqs:us-east-1:444455556666:theirs", visibility_timeout_seconds=30
                ),
            },
        )

    assert sorted(problem.path for problem in nested_problems(bad)) == [
        "queues.bad.max_receive_count",
        "queues.circling.max_receive_count",
        f"queues.{'x' * 64}",
        "state",
    ]


def test_every_problem_is_found_in_the_presence_of_every_other() -> None:
    with collect_problems():
        bad = Environment(  # type: ignore[call-arg]
            name="test",
            account_id="1",
            region="mars",
            state=S3State(bucket="A", region="mars"),
            tags={"aws:x": "y"},
            queues={"Bad": MessageQueueSettings(visibility_timeout_seconds=-1)},
        )

    assert sorted(problem.path for problem in nested_problems(bad)) == [
        "account_id",
        "production",
        "queues.Bad",
        "queues.Bad.visibility_timeout_seconds",
        "region",
        "state.bucket",
        "state.region",
        "tags.aws:x",
    ]


def test_every_rule_is_found_by_its_name_and_none_twice() -> None:
    written = "".join(file.read_text() for file in Path("stacks/rules").glob("*.py"))
    assert sorted(rule.__name__ for rule in RULES) == sorted(re.findall(r"^def (check_\w+)", written, re.MULTILINE))


def test_every_setting_says_what_it_does() -> None:
    silent = [
        f"{settings.__name__}.{name}"
        for settings in settings_classes()
        for name in settings.model_fields
        if not description(settings, name)
    ]
    assert silent == []


def test_what_calls_itself_a_base_cannot_be_made() -> None:
    wrong = [
        settings.__name__
        for settings in settings_classes()
        if (settings.__doc__ or "").startswith("Base of ") and can_be_made(settings)
    ]
    assert wrong == []


def test_no_pattern_takes_digits_or_letters_of_other_scripts() -> None:
    # Which \d and \w stand for in pydantic's patterns; AWS takes ASCII.
    found = {
        match[0]
        for settings in settings_classes()
        for match in re.finditer(r"pattern='[^']*\\\\[dw][^']*'", str(settings.model_fields))
    }
    assert found == set()
