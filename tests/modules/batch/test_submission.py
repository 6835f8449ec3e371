import json
import shlex
from functools import partial
from typing import Any

import pytest

from modules.batch.settings.submissions import JobDependency, JobSubmission
from modules.batch.submission import SubmissionContext, submit_command, submit_job_request, submit_script
from tests.modules.batch.api import request_problems
from tests.modules.batch.samples import every_kind
from tests.problems import problems


def request(name: str = "fargate", **settings: Any) -> dict[str, Any]:
    context = SubmissionContext(
        job_definition=every_kind()[name],
        job_definition_name=f"tb-test-{name}",
        job_queue_name="tb-test-light",
        tags={"project": "tb", "environment": "test"},
    )
    return submit_job_request("nightly", JobSubmission(job_definition=name, **settings), context)


EVERYTHING: dict[str, Any] = {
    "share_identifier": "search",
    "scheduling_priority": 5,
    "depends_on": [JobDependency(submission="first"), JobDependency(submission="second")],
    "parameters": {"shard": "7"},
    "environment": {"MODEL": "large", "BATCH_SIZE": "8"},
    "timeout_seconds": 60,
    "attempts": 10,
    "tags": {"team": "search"},
}


@pytest.mark.parametrize("name", sorted(every_kind()))
def test_a_submission_of_every_kind_is_what_submit_job_takes(name: str) -> None:
    assert request_problems("batch", "SubmitJob", request(name, **EVERYTHING)) == []


def test_the_plainest_submission_has_nothing_that_is_not_needed() -> None:
    assert request() == {
        "jobName": "nightly",
        "jobQueue": "tb-test-light",
        "jobDefinition": "tb-test-fargate",
        "propagateTags": True,
        "tags": {"project": "tb", "environment": "test"},
    }


@pytest.mark.parametrize(
    ("name", "key", "expected"),
    [
        ("fargate", "containerOverrides", {"environment": [{"name": "A", "value": "1"}]}),
        (
            "ec2-group",
            "ecsPropertiesOverride",
            {
                "taskProperties": [
                    {
                        "containers": [
                            {"name": "main", "environment": [{"name": "A", "value": "1"}]},
                            {"name": "metrics", "environment": [{"name": "A", "value": "1"}]},
                        ]
                    }
                ]
            },
        ),
        (
            "nodes",
            "nodeOverrides",
            {
                "nodePropertyOverrides": [
                    {"targetNodes": "0:3", "containerOverrides": {"environment": [{"name": "A", "value": "1"}]}}
                ]
            },
        ),
        (
            "eks",
            "eksPropertiesOverride",
            {"podProperties": {"containers": [{"name": "main", "env": [{"name": "A", "value": "1"}]}]}},
        ),
    ],
)
def test_each_kind_of_job_has_an_override_of_its_own(name: str, key: str, expected: dict[str, Any]) -> None:
    assert request(name, environment={"A": "1"})[key] == expected


def test_the_number_of_nodes_can_be_another() -> None:
    assert request("nodes", node_count=8)["nodeOverrides"] == {"numNodes": 8}
    assert request("nodes", node_count=8, environment={"A": "1"})["nodeOverrides"]["nodePropertyOverrides"] == [
        {"targetNodes": "0:7", "containerOverrides": {"environment": [{"name": "A", "value": "1"}]}}
    ]


def test_empty_parameters_and_tags_are_sent_since_they_replace_what_the_definition_has() -> None:
    sent = request(parameters={"shard": ""}, tags={"reviewed": ""})
    assert sent["parameters"] == {"shard": ""}
    assert sent["tags"] == {"environment": "test", "project": "tb", "reviewed": ""}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"environment": {"AWS_BATCH_JOB_ID": "1"}},
            "environment.AWS_BATCH_JOB_ID must not start with AWS_BATCH, which Batch sets itself, "
            "got 'AWS_BATCH_JOB_ID'; added to every container's environment",
        ),
        (
            {"tags": {"aws:team": "search"}},
            "tags.aws:team must not start with \"aws:\", which AWS keeps for itself, got 'aws:team'; "
            "on the job, besides the environment's",
        ),
        (
            {"node_count": 1},
            "node_count must be from 2 to 1,000, got 1; "
            "replaces a multi-node job's number of nodes, by that of its last group",
        ),
        (
            {"node_count": 1_001},
            "node_count must be from 2 to 1,000, got 1,001; "
            "replaces a multi-node job's number of nodes, by that of its last group",
        ),
        (
            {"timeout_seconds": 59},
            "timeout_seconds must be at least 60 seconds, got 59; replaces the job definition's",
        ),
        (
            {"attempts": 11},
            "attempts must be from 1 to 10, got 11; replaces the job definition's, its retry rules too",
        ),
        (
            {"scheduling_priority": 10_000},
            "scheduling_priority must be from 0 to 9,999, got 10,000; replaces the job definition's",
        ),
        (
            {"share_identifier": "sea*"},
            "share_identifier must match ^[0-9A-Za-z]{1,255}$, got 'sea*'; "
            "whose share of a fair-share queue it counts against",
        ),
    ],
)
def test_what_batch_refuses_is_refused(changes: dict[str, Any], message: str) -> None:
    assert problems(lambda: JobSubmission(job_definition="a", **changes)) == [message]


@pytest.mark.parametrize(
    "changes",
    [
        {"node_count": 2},
        {"node_count": 1_000},
        {"timeout_seconds": 60},
        {"attempts": 1},
        {"attempts": 10},
        {"scheduling_priority": 0},
        {"scheduling_priority": 9_999},
        {"share_identifier": "x" * 255},
    ],
)
def test_the_edges_are_accepted(changes: dict[str, Any]) -> None:
    assert JobSubmission(job_definition="a", **changes)


def test_dependencies_name_submissions_whose_ids_come_from_the_shell() -> None:
    settings: dict[str, Any] = {
        "array_size": 2,
        "sequential": True,
        "depends_on": [
            JobDependency(submission="nightly-shard", type="N_TO_N"),
            JobDependency(submission="fetch"),
        ],
    }
    assert request(**settings)["dependsOn"] == [
        {"jobId": "<nightly-shard>", "type": "N_TO_N"},
        {"jobId": "<fetch>"},
        {"type": "SEQUENTIAL"},
    ]
    command = submit_command(request(**settings))
    assert '--depends-on jobId="${nightly_shard_job_id}",type=N_TO_N jobId="${fetch_job_id}" type=SEQUENTIAL' in command


def test_a_command_carries_the_request_through_the_shell_unharmed() -> None:
    sent = request(parameters={"shard": 'it\'s "7" $HOME'})
    words = shlex.split(submit_command(sent))

    assert words[:4] == ["aws", "batch", "submit-job", "--cli-input-json"]
    assert json.loads(words[4]) == sent


def test_a_script_hands_on_the_job_ids() -> None:
    assert submit_script({"nightly-shard": "aws a", "merge": "aws b"}) == (
        "nightly_shard_job_id=$(aws a)\nmerge_job_id=$(aws b)"
    )


def test_an_array_has_2_to_10_000_children() -> None:
    assert [JobSubmission(job_definition="a", array_size=size).array_size for size in (2, 10_000)] == [2, 10_000]
    for size in (1, 10_001):
        assert problems(partial(JobSubmission, job_definition="a", array_size=size)) == [
            f"array_size must be from 2 to 10,000, got {size:,}; children, which see AWS_BATCH_JOB_ARRAY_INDEX"
        ]


def dependencies(count: int) -> list[JobDependency]:
    return [JobDependency(submission=f"job{number}") for number in range(count)]


def test_a_job_waits_for_at_most_20_others() -> None:
    assert JobSubmission(job_definition="a", depends_on=dependencies(20))
    assert problems(lambda: JobSubmission(job_definition="a", depends_on=dependencies(21))) == [
        "depends_on must have at most 20 items, got 21; what has to be done first"
    ]


def test_a_sequence_of_children_counts_as_one_dependency() -> None:
    assert JobSubmission(job_definition="a", array_size=2, sequential=True, depends_on=dependencies(19))
    assert problems(
        lambda: JobSubmission(job_definition="a", array_size=2, sequential=True, depends_on=dependencies(20))
    ) == ["depends_on must have at most 19 items where sequential is True, got 20; sequential counts as a dependency"]


def test_only_arrays_have_children_to_order_or_to_pair() -> None:
    pair = JobDependency(submission="other", type="N_TO_N")
    assert problems(lambda: JobSubmission(job_definition="a", sequential=True, depends_on=[pair])) == [
        "sequential must be False without array_size, got True; there are no children to put in order",
        "depends_on[0].type must be AFTER without array_size, got 'N_TO_N'; set array_size",
    ]


def test_an_array_is_no_multi_node_job() -> None:
    assert problems(lambda: JobSubmission(job_definition="a", array_size=2, node_count=2)) == [
        "node_count must be left out of an array job, got 2; submit one of the two"
    ]
