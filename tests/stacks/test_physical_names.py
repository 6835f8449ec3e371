"""Entries that are called as somebody else says: in every place where their name stands."""

import json
from typing import Any

import pytest

from modules.batch.settings.job_queues import JobQueueSettings
from modules.batch.settings.submissions import JobSubmission
from modules.batch.settings.teams import TeamAccess
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.iam.access_settings import Access, BucketAccess
from modules.named_settings import NamedSettings
from modules.s3.settings import BucketSettings
from modules.settings import settings_in
from modules.sqs.settings import FifoMessageQueueSettings, MessageQueueSettings
from stacks.environment import Environment
from stacks.loading import load_environments
from stacks.physical_names import given_names
from tests.problems import refused
from tests.shipped import PACKAGES
from tests.stacks.environments import environment, fargate_job
from tests.synthesized import synthesized

QUEUE: dict[str, Any] = {"visibility_timeout_seconds": 601}


def names(settings: Environment) -> set[str]:
    return {given.name.text for entry in given_names(settings) for given in entry}


def named(name: str, **queue: Any) -> Environment:
    return environment(queues={"requests": MessageQueueSettings(**QUEUE, physical_name=name, **queue)})


def test_a_name_of_ones_own_leads_those_of_all_that_belongs_to_it() -> None:
    assert {"ML_requests", "ML_requests-dlq"} <= names(named("ML_requests"))
    assert not any("-requests" in name for name in names(named("ML_requests")) if "dlq" not in name)
    assert "terrabatch-test-requests" in names(environment())


def test_a_fifo_queue_ends_as_sqs_wants_it() -> None:
    fifo = FifoMessageQueueSettings(**QUEUE, physical_name="ML_ordered")
    assert {"ML_ordered.fifo", "ML_ordered-dlq.fifo"} <= names(environment(queues={"ordered": fifo}))


def test_a_bucket_has_the_name_as_it_is() -> None:
    own = environment(buckets={"data": BucketSettings(physical_name="acme-data")})
    assert (own.bucket_name("data"), own.bucket_arn("data")) == ("acme-data", "arn:aws:s3:::acme-data")
    assert environment().bucket_name("data") == "terrabatch-test-data-111122223333"


def test_what_refers_to_it_uses_its_name() -> None:
    settings = environment(
        repositories={"embed": RepositorySettings(physical_name="ml/embed")},
        job_queues={"light": JobQueueSettings(compute_environments=["light"], physical_name="ML_light")},
        job_definitions={
            "embed": fargate_job(
                image=RepositoryImage(repository="embed", tag="1"), physical_name="ML_embed", access=Access()
            ),
            "again": fargate_job(access=Access(submit=["embed"])),
        },
        submissions={"now": JobSubmission(job_definition="embed")},
        teams={
            "nlp": TeamAccess(
                tag_key="team",
                tag_value="nlp",
                physical_name="ML_nlp",
                shared_job_definitions=["embed"],
                shared_job_queues=["light"],
            )
        },
    )
    emitted = json.dumps(synthesized(settings))

    for name in ("ml/embed", "ML_light", "ML_embed", "ML_nlp", "ML_embed-job", "/aws/batch/ML_light"):
        assert name in emitted
    assert [name for name in ("test-embed", "test-light\\", "test-nlp") if f"terrabatch-{name}" in emitted] == []


@pytest.mark.parametrize("name", ["-a", "a b", "", "ä", "a" * 513])
def test_a_name_is_of_letters_that_aws_may_take(name: str) -> None:
    assert len(refused(MessageQueueSettings, **QUEUE, physical_name=name)) == 1


@pytest.mark.parametrize(("name", "is_taken"), [("a" * 76, True), ("a" * 77, False), ("a_b", True), ("a/b", False)])
def test_it_is_held_against_what_aws_takes_as_such_a_name(name: str, is_taken: bool) -> None:
    # The dead-letter queue's is four longer, and a queue's has 80.
    if is_taken:
        assert named(name)
    else:
        assert {problem.partition(":")[0] for problem in refused(lambda: named(name))} == {"queues.requests"}


def test_no_two_things_are_called_the_same() -> None:
    other = MessageQueueSettings(**QUEUE, physical_name="terrabatch-test-requests")
    assert "queues.other: got 'terrabatch-test-requests'" in refused(lambda: environment(queues={"other": other}))


def test_a_bucket_takes_no_underscore() -> None:
    assert refused(lambda: environment(buckets={"data": BucketSettings(physical_name="acme_data")}))


def test_every_name_of_ones_own_that_is_shown_is_given() -> None:
    shown = [
        (settings, kept.physical_name)
        for package in PACKAGES
        for settings in load_environments(package=package)
        for _, kept in settings_in(settings)
        if isinstance(kept, NamedSettings) and kept.physical_name
    ]
    assert len(shown) >= 6
    assert [name for settings, name in shown if not any(text.startswith(name) for text in names(settings))] == []


def test_access_to_a_bucket_of_that_name_is_to_that_bucket() -> None:
    job = fargate_job(access=Access(read=[BucketAccess(bucket="data")]))
    settings = environment(buckets={"data": BucketSettings(physical_name="acme-data")}, job_definitions={"embed": job})
    (bucket,) = synthesized(settings)["test-storage"]["resource"]["aws_s3_bucket"].values()
    assert bucket["bucket"] == "acme-data"
