from typing import Any

from modules.batch.settings.compute_environments import Ec2ComputeEnvironment
from modules.batch.settings.existing_job_queues import ExistingJobQueue
from modules.batch.settings.job_definitions import NodeGroup
from modules.batch.settings.submissions import JobDependency, JobSubmission
from stacks.environment import Environment
from tests.problems import refused
from tests.stacks.environments import distributed_job, environment, fargate_job


def submitting(**submissions: JobSubmission) -> Environment:
    shared = fargate_job(
        job_queues=["light", "shared"],
        scheduling_priority=1,
        command=["score", "Ref::model"],
        parameters={"model": "baseline"},
    )
    return environment(job_definitions={"score": shared}, submissions=submissions)


def score(**settings: Any) -> JobSubmission:
    return JobSubmission(job_definition="score", **settings)


def test_a_job_goes_to_one_of_its_definitions_queues() -> None:
    assert submitting(a=score(job_queue="light"))
    assert refused(lambda: submitting(a=score(job_queue="large"))) == ["submissions.a.job_queue: got 'large'"]


def test_a_queue_with_shares_wants_one_and_a_queue_without_wants_none() -> None:
    assert submitting(a=score(job_queue="shared", share_identifier="search"), b=score())
    assert refused(lambda: submitting(a=score(job_queue="shared"))) == ["submissions.a.share_identifier"]
    assert refused(lambda: submitting(a=score(share_identifier="search"))) == [
        "submissions.a.share_identifier: got 'search'"
    ]


def test_a_priority_counts_only_where_there_are_shares() -> None:
    assert submitting(a=score(job_queue="shared", share_identifier="search", scheduling_priority=9_999))
    assert refused(lambda: submitting(a=score(scheduling_priority=1))) == ["submissions.a.scheduling_priority: got 1"]


def test_only_declared_parameters_can_be_replaced() -> None:
    assert submitting(a=score(parameters={"model": ""}))
    assert refused(lambda: submitting(a=score(parameters={"modle": "large"}))) == [
        "submissions.a.parameters.modle: got 'modle'"
    ]
    assert refused(
        lambda: environment(submissions={"a": JobSubmission(job_definition="embed", parameters={"x": "1"})})
    ) == ["submissions.a.parameters.x: got 'x'"]


def test_a_longer_time_is_checked_against_the_queue_that_feeds_the_job() -> None:
    assert submitting(a=score(timeout_seconds=600))
    assert refused(lambda: submitting(a=score(timeout_seconds=601))) == [
        "queues.requests.visibility_timeout_seconds: 601, got 601"
    ]


def test_tags_of_job_and_definition_come_to_fifty() -> None:
    def tagged(**of_definition: str) -> Environment:
        tags = {f"tag-{number}": "x" for number in range(46)}
        return environment(
            job_definitions={"embed": fargate_job(tags=of_definition)},
            submissions={"a": JobSubmission(job_definition="embed", tags=tags)},
        )

    assert tagged(team="search", cost="7")  # besides project and environment
    assert refused(lambda: tagged(team="search", cost="7", owner="me")) == ["submissions.a.tags: 50, got 51"]


def test_a_share_is_one_that_the_policy_weighs() -> None:
    assert submitting(a=score(job_queue="shared", share_identifier="tenant7"))
    assert refused(lambda: submitting(a=score(job_queue="shared", share_identifier="ads"))) == [
        "submissions.a.share_identifier: got 'ads'"
    ]


def test_children_that_wait_for_each_other_are_equally_many() -> None:
    pair = [JobDependency(submission="shard", type="N_TO_N")]
    assert submitting(shard=score(array_size=8), merge=score(array_size=8, depends_on=pair))
    assert refused(lambda: submitting(shard=score(array_size=8), merge=score(array_size=9, depends_on=pair))) == [
        "submissions.merge.array_size: 8, got 9"
    ]


def test_a_dependency_is_one_of_the_submissions() -> None:
    assert refused(lambda: submitting(merge=score(depends_on=[JobDependency(submission="shard")]))) == [
        "submissions.merge.depends_on[0].submission: got 'shard'"
    ]


def test_no_submission_waits_for_itself_however_far_around() -> None:
    found = refused(
        lambda: submitting(
            a=score(depends_on=[JobDependency(submission="b")]), b=score(depends_on=[JobDependency(submission="a")])
        )
    )
    assert found == ["submissions: got a → b → a"]


def test_another_number_of_nodes_fits_groups_and_capacity() -> None:
    def nodes(count: int, **changes: Any) -> Environment:
        train = JobSubmission(job_definition="train", node_count=count)
        return environment(job_definitions={"train": distributed_job(**changes)}, submissions={"a": train})

    group = NodeGroup(image="train:1", vcpus=2, memory_mib=4_096, node_count=1)
    two = {"node_groups": [group, group], "main_node": 1}

    # Two of c6i.2xlarge make 16 vCPUs.
    assert nodes(2)
    assert nodes(2, **two)
    assert refused(lambda: nodes(3)) == ["submissions.a.node_count: 2, got 3"]
    three = {"node_groups": [group, group, group], "main_node": 1}
    large = Ec2ComputeEnvironment(instance_types=["c6i.2xlarge"], max_vcpus=24)
    train = {"train": distributed_job(**three)}
    assert refused(
        lambda: environment(
            compute_environments={"large": large},
            job_definitions=train,
            submissions={"a": JobSubmission(job_definition="train", node_count=2)},
        )
    ) == ["submissions.a.node_count: 3, got 2"]


def test_nodes_and_arrays_go_to_the_jobs_that_have_them() -> None:
    assert refused(lambda: submitting(a=score(node_count=2))) == ["submissions.a.node_count: got 2"]
    assert refused(lambda: environment(submissions={"a": JobSubmission(job_definition="train", array_size=2)})) == [
        "submissions.a.array_size: got 2"
    ]


def test_a_request_has_at_most_30_kib() -> None:
    def sending(length: int) -> Environment:
        return submitting(a=score(parameters={"model": "x" * length}))

    (message,) = refused(lambda: sending(30_720))
    besides = int(message.partition(", got ")[2].partition(";")[0].replace(",", "")) - 30_720
    assert sending(30_720 - besides)
    assert refused(lambda: sending(30_721 - besides)) == ["submissions.a: 30,720, got 30,721"]


def test_a_submission_that_takes_longer_hides_its_messages_as_long() -> None:
    path = "queues.requests.visibility_timeout_seconds"

    def build(timeout: int, **changes: Any) -> Environment:
        submission = JobSubmission(job_definition="embed", timeout_seconds=timeout)
        return environment(submissions={"a": submission}, job_definitions={"embed": fargate_job(**changes)})

    assert build(600)
    assert refused(lambda: build(601)) == [f"{path}: 601, got 601"]
    assert build(86_400, longest_message_seconds=600)


def test_a_deadline_is_held_against_what_runs_at_a_time() -> None:
    """16 vCPUs, a vCPU and at most 600 seconds each."""
    assert submitting(a=score(array_size=16, finish_within_seconds=600))
    assert submitting(a=score(array_size=17, finish_within_seconds=1_200))
    assert refused(lambda: submitting(a=score(array_size=17, finish_within_seconds=1_199))) == [
        "submissions.a.finish_within_seconds: 1,200, 17, 600, 16, got 1,199"
    ]
    assert refused(lambda: submitting(a=score(array_size=17, timeout_seconds=60, finish_within_seconds=119))) == [
        "submissions.a.finish_within_seconds: 120, 17, 60, 16, got 119"
    ]
    larger = score(array_size=16, vcpus=2.0, memory_mib=4_096, finish_within_seconds=600)
    assert refused(lambda: submitting(a=larger)) == ["submissions.a.finish_within_seconds: 1,200, 16, 600, 8, got 600"]
    assert refused(lambda: submitting(a=score(array_size=2, sequential=True, finish_within_seconds=600))) == [
        "submissions.a.finish_within_seconds: 1,200, 2, 600, 1, got 600"
    ]


def test_a_deadline_is_not_judged_where_nobody_knows_the_capacity() -> None:
    queue_arn = "arn:aws:batch:us-east-1:111122223333:job-queue/others"
    queues = {"others": ExistingJobQueue(job_queue_arn=queue_arn)}
    jobs = {"score": fargate_job(job_queues=["others"])}
    assert environment(
        job_definitions=jobs, job_queues=queues, submissions={"a": score(array_size=9_999, finish_within_seconds=60)}
    )
