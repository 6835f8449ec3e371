import json
import shlex
from functools import partial
from typing import Any

import pytest

from modules.batch.settings.submissions import JobDependency, JobSubmission
from modules.batch.submission import SubmissionContext, submit_all, submit_command, submit_job_request
from tests.modules.batch.api import request_problems
from tests.modules.batch.samples import every_kind
from tests.problems import refused


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
            "environment.AWS_BATCH_JOB_ID: got 'AWS_BATCH_JOB_ID'",
        ),
        (
            {"tags": {"aws:team": "search"}},
            "tags.aws:team: got 'aws:team'",
        ),
        (
            {"node_count": 1},
            "node_count: 2, 1,000, got 1",
        ),
        (
            {"node_count": 1_001},
            "node_count: 2, 1,000, got 1,001",
        ),
        (
            {"timeout_seconds": 59},
            "timeout_seconds: 60, got 59",
        ),
        (
            {"attempts": 11},
            "attempts: 1, 10, got 11",
        ),
        (
            {"scheduling_priority": 10_000},
            "scheduling_priority: 0, 9,999, got 10,000",
        ),
        (
            {"share_identifier": "sea*"},
            "share_identifier: got 'sea*'",
        ),
    ],
)
def test_what_batch_refuses_is_refused(changes: dict[str, Any], message: str) -> None:
    assert refused(lambda: JobSubmission(job_definition="a", **changes)) == [message]


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
    command = submit_command(request(**settings), "us-east-1")
    assert (
        '--depends-on jobId="${nightly_shard_job_id:?the job id of nightly-shard}",type=N_TO_N '
        'jobId="${fetch_job_id:?the job id of fetch}" type=SEQUENTIAL'
    ) in command


def test_a_command_carries_the_request_through_the_shell_unharmed() -> None:
    sent = request(parameters={"shard": 'it\'s "7" $HOME'})
    words = shlex.split(submit_command(sent, "eu-west-1"))

    assert words[:6] == ["aws", "batch", "submit-job", "--region", "eu-west-1", "--cli-input-json"]
    assert json.loads(words[6]) == sent


def test_a_share_that_a_script_is_told_is_its_last_argument() -> None:
    assert '--share-identifier "$last"' in submit_command(request(), "eu-west-1", share=True)


def test_all_are_submitted_one_after_the_other_and_their_job_ids_handed_on_and_printed() -> None:
    assert submit_all(["nightly-shard", "merge"]).splitlines() == [
        "nightly_shard_job_id=$(submit_nightly_shard)",
        'echo "nightly-shard $nightly_shard_job_id"',
        "merge_job_id=$(submit_merge)",
        'echo "merge $merge_job_id"',
    ]


def test_an_array_has_2_to_10_000_children() -> None:
    assert [JobSubmission(job_definition="a", array_size=size).array_size for size in (2, 10_000)] == [2, 10_000]
    for size in (1, 10_001):
        assert refused(partial(JobSubmission, job_definition="a", array_size=size)) == [
            f"array_size: 2, 10,000, got {size:,}"
        ]


def dependencies(count: int) -> list[JobDependency]:
    return [JobDependency(submission=f"job{number}") for number in range(count)]


def test_a_job_waits_for_at_most_20_others() -> None:
    assert JobSubmission(job_definition="a", depends_on=dependencies(20))
    assert refused(lambda: JobSubmission(job_definition="a", depends_on=dependencies(21))) == ["depends_on: 20, got 21"]


def test_a_sequence_of_children_counts_as_one_dependency() -> None:
    assert JobSubmission(job_definition="a", array_size=2, sequential=True, depends_on=dependencies(19))
    assert refused(
        lambda: JobSubmission(job_definition="a", array_size=2, sequential=True, depends_on=dependencies(20))
    ) == ["depends_on: 19, got 20"]


def test_only_arrays_have_children_to_order_or_to_pair() -> None:
    pair = JobDependency(submission="other", type="N_TO_N")
    assert refused(lambda: JobSubmission(job_definition="a", sequential=True, depends_on=[pair])) == [
        "sequential: got True",
        "depends_on[0].type: got 'N_TO_N'",
    ]


def test_an_array_is_no_multi_node_job() -> None:
    assert refused(lambda: JobSubmission(job_definition="a", array_size=2, node_count=2)) == ["node_count: got 2"]
