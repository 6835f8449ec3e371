"""Every pipeline that is shipped, executed as it is emitted: to its end, and with each of its jobs failing."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pytest

from stacks.loading import load_environments
from tests.modules.events.samples import text_fits
from tests.modules.events.test_sources import OBJECT_CREATED
from tests.shipped import PACKAGES, shipped_stacks
from tests.state_machines import ACCOUNT, REGION, client, run, tasks, values

TOLD = {"date": "2027-01-31", "key": "uploads/a.jpg"}
OBJECTS = {
    "archive.csv": "path,hours\na,1\nb,2\n",
    "imports/2027-01-31/c": "speech",
    "lists/2027-01-31.json": '[{"key": "d"}]',
    "verdicts/2027-01-31.json": '{"doubtful": 2}',
    "verdicts/days.json": '["2027-01-30"]',
}


def emitted() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the names of all state machines, and what they consist of in the local AWS, arrays having two children."""
    for package in PACKAGES:
        for environment in load_environments(package=package):
            stack = shipped_stacks(package).get(f"{environment.name}-pipeline", {})
            for machine in stack.get("resource", {}).get("aws_sfn_state_machine", {}).values():
                text = (
                    machine["definition"].replace(environment.account_id, ACCOUNT).replace(environment.region, REGION)
                )
                text = re.sub(r"(stateMachine:[\w-]+):live", r"\1", text)
                text = re.sub(r'"Size":\d+', '"Size":2', text)
                yield machine["name"], without_batches(json.loads(text))


def without_batches(document: Any) -> Any:
    """Return a state machine with each batch of items as one item, since the interpreter knows no batches."""
    if isinstance(document, list):
        return [without_batches(item) for item in document]
    if not isinstance(document, dict):
        return document
    whole = {key: without_batches(item) for key, item in document.items()}
    batcher = whole.pop("ItemBatcher", None)
    if batcher:
        whole["ItemSelector"] = {"BatchInput": batcher["BatchInput"], "Items": [whole["ItemSelector"]]}
    return whole


MACHINES = dict(emitted())


def reached_from(name: str) -> dict[str, Any]:
    """Return a state machine and those that it executes, by name."""
    found, to_do = {}, [name]
    while to_do:
        name = to_do.pop()
        found[name] = MACHINES[name]
        to_do += {arn.rpartition(":")[2] for arn in values(found[name], "StateMachineArn")} - set(found)
    return found


def make_what_they_use(machines: Mapping[str, Any]) -> None:
    """Make the queues, buckets, clusters and task definitions that are named, with a list and a file of each date."""
    for document in machines.values():
        for task in tasks(document):
            told = task["Parameters"]
            if url := told.get("QueueUrl"):
                fifo = {"FifoQueue": "true"} if url.endswith(".fifo") else {}
                client("sqs").create_queue(QueueName=url.rpartition("/")[2], Attributes=fifo)
                if task["Resource"].endswith(":receiveMessage"):
                    client("sqs").send_message(QueueUrl=url, MessageBody="yes, please")
            if topic := told.get("TopicArn"):
                client("sns").create_topic(Name=topic.rpartition(":")[2])
            if cluster := told.get("Cluster"):
                told.pop("NetworkConfiguration", None)  # subnets are another stack's, which is not there
                client("ecs").create_cluster(clusterName=cluster)
                container = {"name": "main", "image": "local", "memory": 128}
                client("ecs").register_task_definition(family=told["TaskDefinition"], containerDefinitions=[container])
        for name in sorted(set(values(document, "Bucket"))):
            client("s3").create_bucket(Bucket=name)
            for key, text in OBJECTS.items():
                client("s3").put_object(Bucket=name, Key=key, Body=text)


def executed(name: str, exit_codes: Mapping[str, int] | None = None, /, **fails: int) -> Any:
    machines = reached_from(name)
    prepare = partial(make_what_they_use, machines)
    return run(MACHINES[name], TOLD, fails=fails, exit_codes=exit_codes, prepare=prepare, machines=machines)


def jobs_of(name: str) -> list[str]:
    return sorted({task["Parameters"]["JobName"] for task in tasks(MACHINES[name]) if "JobName" in task["Parameters"]})


def test_there_are_some() -> None:
    assert {"terrabatch-dev-nightly", "terrabatch-prod-nightly", "terrabatch-prod-retraining"} <= set(MACHINES)


@pytest.mark.parametrize("name", MACHINES)
def test_every_pipeline_submits_each_of_its_jobs_once(name: str) -> None:
    result = executed(name)
    assert (result.status, result.error) == ("SUCCEEDED", "")
    assert set(jobs_of(name)) <= set(result.jobs)
    items = json.dumps(MACHINES[name]).count('"CSV"')  # the archive has two
    assert len(jobs_of(name)) + items == sum(job in jobs_of(name) for job in result.jobs)


@pytest.mark.parametrize(("name", "job"), [(name, job) for name in MACHINES for job in jobs_of(name)])
def test_no_pipeline_goes_on_after_a_job_that_fails(name: str, job: str) -> None:
    result, cleans_up = executed(name, **{job: 99}), "Failed" in MACHINES[name]["States"]
    of_stages = {"States.TaskFailed", "States.ExceedToleratedFailureThreshold"}
    assert result.status == "FAILED"
    assert result.error in ({"StageFailed"} if cleans_up else of_stages)
    assert (result.calls[-1].operation == "SendMessage") == cleans_up


def test_what_is_doubtful_is_done_again_for_each_of_its_days() -> None:
    result = executed("acme-transcription-review")
    assert result.jobs == ["review-verify", "urgent-transcribe", "urgent-index"]
    assert [call.operation for call in result.calls if "Message" in call.operation] == [
        "ReceiveMessage",
        "DeleteMessage",
    ]
    nothing = executed("acme-transcription-reviewed", {"review-verify": 3})
    assert (nothing.status, nothing.jobs) == ("SUCCEEDED", ["review-verify"])


def test_the_night_goes_from_embedding_to_shards_to_one_index() -> None:
    result = executed("terrabatch-prod-nightly")
    assert result.jobs == ["nightly-embed", "nightly-shard", "nightly-merge"]
    assert [call.operation for call in result.calls] == ["SubmitJob"] * 3 + ["SendMessage"]
    assert [call.request.get("arrayProperties") for call in result.calls[:3]] == [{"size": 2}, {"size": 2}, None]
    assert {call.request["parameters"]["date"] for call in result.calls[:3]} == {"2027-01-31"}


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_an_urgent_upload_is_embedded_and_told_of(environment: str) -> None:
    resources = shipped_stacks()[f"{environment}-triggers"]["resource"]
    [address] = [key for key in resources["aws_cloudwatch_event_rule"] if "urgent" in key]
    [target] = [item for key, item in resources["aws_cloudwatch_event_target"].items() if "urgent" in key]
    bucket = json.loads(resources["aws_cloudwatch_event_rule"][address]["event_pattern"])["detail"]["bucket"]["name"][0]
    upload = {**OBJECT_CREATED, "detail": {"bucket": {"name": bucket}, "object": {"key": "incoming/urgent/a.pdf"}}}
    assert text_fits(resources["aws_cloudwatch_event_rule"][address]["event_pattern"], upload)
    told = target["input_transformer"]["input_template"]
    assert target["input_transformer"]["input_paths"] == {"part-1": "$.detail.object.key"}
    name = f"terrabatch-{environment}-urgent"
    assert target["arn"].endswith(f":stateMachine:{name}:live")
    prepare = partial(make_what_they_use, reached_from(name))
    result = run(MACHINES[name], json.loads(told.replace("<part-1>", '"incoming/urgent/a.pdf"')), prepare=prepare)
    assert (result.status, result.jobs) == ("SUCCEEDED", ["urgent-embed"])
    assert result.calls[0].request["parameters"] == {"key": "incoming/urgent/a.pdf"}
    assert result.calls[1].operation == "SendMessage"
