from typing import Any

from modules.batch.settings.submissions import JobDependency, JobSubmission
from stacks.environment import Environment
from tests.problems import problems
from tests.stacks.environments import environment, fargate_job


def submitting(**submissions: JobSubmission) -> Environment:
    shared = fargate_job(job_queues=["light", "shared"])
    return environment(job_definitions={"score": shared}, submissions=submissions)


def score(**settings: Any) -> JobSubmission:
    return JobSubmission(job_definition="score", **settings)


def test_a_job_goes_to_one_of_its_definitions_queues() -> None:
    assert submitting(a=score(job_queue="light"))
    assert problems(lambda: submitting(a=score(job_queue="large"))) == [
        "submissions.a.job_queue must be one of job_definitions.score.job_queues (light, shared), got 'large'; "
        "whether it fits is checked for those only"
    ]


def test_a_queue_with_shares_wants_one_and_a_queue_without_wants_none() -> None:
    assert submitting(a=score(job_queue="shared", share_identifier="search"), b=score())
    assert problems(lambda: submitting(a=score(job_queue="shared"))) == [
        "submissions.a.share_identifier must be given for job_queues.shared, which has a scheduling_policy; "
        "Batch refuses the job"
    ]
    assert problems(lambda: submitting(a=score(share_identifier="search"))) == [
        "submissions.a.share_identifier must be left out for job_queues.light, which has no scheduling_policy, "
        "got 'search'; Batch refuses the job"
    ]


def test_a_share_is_one_that_the_policy_weighs() -> None:
    assert submitting(a=score(job_queue="shared", share_identifier="tenant7"))
    assert problems(lambda: submitting(a=score(job_queue="shared", share_identifier="ads"))) == [
        "submissions.a.share_identifier must be one of scheduling_policies.teams.shares (search, tenant*), got 'ads'; "
        "any other would get the weight 1.0"
    ]


def test_children_that_wait_for_each_other_are_equally_many() -> None:
    pair = [JobDependency(submission="shard", type="N_TO_N")]
    assert submitting(shard=score(array_size=8), merge=score(array_size=8, depends_on=pair))
    assert problems(lambda: submitting(shard=score(array_size=8), merge=score(array_size=9, depends_on=pair))) == [
        "submissions.merge.array_size must equal submissions.shard.array_size (8), got 9; "
        "depends_on[0] pairs the children of both"
    ]


def test_a_dependency_is_one_of_the_submissions() -> None:
    assert problems(lambda: submitting(merge=score(depends_on=[JobDependency(submission="shard")]))) == [
        "submissions.merge.depends_on[0].submission must name one of the submissions, got 'shard'; known: merge"
    ]


def test_no_submission_waits_for_itself_however_far_around() -> None:
    found = problems(
        lambda: submitting(
            a=score(depends_on=[JobDependency(submission="b")]), b=score(depends_on=[JobDependency(submission="a")])
        )
    )
    assert found == [
        "submissions must have no circle of depends_on, got a → b → a; none of them could be submitted first"
    ]


def test_nodes_and_arrays_go_to_the_jobs_that_have_them() -> None:
    train = JobSubmission(job_definition="train", node_count=4)
    assert environment(submissions={"a": train})
    assert problems(lambda: submitting(a=score(node_count=2))) == [
        "submissions.a.node_count must be left out for what is no multi-node job, got 2; "
        "use array_size for many of a kind"
    ]
    assert problems(lambda: environment(submissions={"a": JobSubmission(job_definition="train", array_size=2)})) == [
        "submissions.a.array_size must be left out for a multi-node job, got 2; Batch has no arrays of these"
    ]


def test_a_request_has_at_most_30_kib() -> None:
    assert submitting(a=score(parameters={"long": "x" * 30_000}))
    (message,) = problems(lambda: submitting(a=score(parameters={"long": "x" * 30_720})))
    assert message.startswith("submissions.a must take at most 30,720 bytes as a request, got 3")
    assert message.endswith("put what is long into a bucket and pass its key")
