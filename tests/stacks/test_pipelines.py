import json
from typing import Any

from cdktf import App

from modules.batch.settings.submissions import JobRequest
from modules.lambda_functions.settings import ExistingFunction
from modules.sns.settings import ExistingTopic
from modules.sqs.settings import FifoMessageQueueSettings
from modules.states.settings.fan_outs import FanOutStage, PipelineFanOutStage, TaskFanOutStage
from modules.states.settings.items import JsonManifest
from modules.states.settings.retries import CapacityStep
from modules.states.settings.stages import (
    FileStage,
    FunctionStage,
    MessageStage,
    PipelineStage,
    QueueStage,
    ReceiveStage,
    TaskStage,
    TopicStage,
)
from modules.targets.settings import FunctionCall, PipelineExecution, QueueMessage, TaskRun, TopicMessage
from stacks.environment import Environment
from stacks.platform import build_platform
from tests.conftest import Synthesized
from tests.modules.ecs.samples import cluster_settings
from tests.policies import statements
from tests.stacks.environments import environment
from tests.stacks.pipelines import pipeline, score, with_pipelines
from tests.stacks.rules.service_samples import run_task
from tests.state_machines import unknown_arguments

NIGHTLY = pipeline(
    {
        "score": score(job_queue="shared", array_size=4),
        "spread": score(stage={"capacity": [CapacityStep(job_queue="light"), CapacityStep(job_queue="shared")]}),
        "own": score(job_queue="shared", share_identifier="tenant1", parameters={"model": "own"}),
        "drained": QueueStage(queue="requests", timeout_seconds=600),
        "told": MessageStage(after=["score"], message=QueueMessage(queue="requests")),
    },
    parameters={"model": "small"},
    share_identifier="search",
)


def pipelines_stack(settings: Environment) -> Synthesized:
    app = App(stack_traces=False)
    build_platform(app, settings)
    return Synthesized(app.node.find_child("test-pipeline"))  # type: ignore[arg-type]


def states(settings: Environment) -> dict[str, Any]:
    """Return all states of the only pipeline, those in branches too."""
    found: dict[str, Any] = {}

    def add(machine: dict[str, Any]) -> None:
        for name, state in machine["States"].items():
            found[name] = state
            for branch in state.get("Branches", ()):
                add(branch)

    add(json.loads(pipelines_stack(settings).one("aws_sfn_state_machine")["definition"]))
    return found


def test_jobs_are_called_after_their_stage_and_tagged_like_all_of_the_platform() -> None:
    told = states(with_pipelines(nightly=NIGHTLY))["score"]["Parameters"]
    assert told["JobName"] == "nightly-score"
    assert (told["JobDefinition"], told["JobQueue"]) == ("terrabatch-test-score", "terrabatch-test-shared")
    assert told["ArrayProperties"] == {"Size": 4}
    assert told["Tags"] == {"environment": "test", "project": "terrabatch"}
    assert told["PropagateTags"] is True


def test_jobs_take_parameters_and_share_of_the_execution_unless_they_have_their_own() -> None:
    found = states(with_pipelines(nightly=NIGHTLY))
    assert found["score"]["Parameters"]["Parameters"] == {"model.$": "$.input.model"}
    assert found["score"]["Parameters"]["ShareIdentifier.$"] == "$.input.share_identifier"
    assert found["own"]["Parameters"]["Parameters"] == {"model": "own"}
    assert found["own"]["Parameters"]["ShareIdentifier"] == "tenant1"
    assert "ShareIdentifier.$" not in found["own"]["Parameters"]


def test_each_step_takes_the_share_where_its_queue_has_shares() -> None:
    found = states(with_pipelines(nightly=NIGHTLY))
    first, second = (found[name]["Parameters"] for name in ("spread", "spread: step 2"))
    assert (first["JobQueue"], "ShareIdentifier.$" in first) == ("terrabatch-test-light", False)
    assert (second["JobQueue"], "ShareIdentifier.$" in second) == ("terrabatch-test-shared", True)


def test_a_message_to_a_fifo_queue_says_which_it_is() -> None:
    message = MessageStage(message=QueueMessage(queue="news", body="done", message_group_id="all"))
    queues = {"news": FifoMessageQueueSettings(visibility_timeout_seconds=60)}
    settings = environment(queues=queues, pipelines={"nightly": pipeline({"told": message})})
    told = states(settings)["told"]["Parameters"]
    assert told["QueueUrl"] == "https://sqs.us-east-1.amazonaws.com/111122223333/terrabatch-test-news.fifo"
    assert (told["MessageBody"], told["MessageGroupId"]) == ("done", "all")
    assert told["MessageDeduplicationId.$"].startswith("States.Hash(")


def test_executions_may_do_what_their_stages_do_and_no_more() -> None:
    synthesized = pipelines_stack(with_pipelines(nightly=NIGHTLY))
    granted = {policy["name"]: statements(policy["policy"]) for policy in synthesized.all("aws_iam_role_policy")}
    assert sorted(granted) == ["count-requests", "record-executions", "send-requests", "submit-jobs"]
    batch = "arn:aws:batch:us-east-1:111122223333"
    assert granted["submit-jobs"]["SubmitNamed"]["Resource"] == [
        f"{batch}:job-definition/terrabatch-test-score",
        f"{batch}:job-definition/terrabatch-test-score:*",
        f"{batch}:job-queue/terrabatch-test-light",
        f"{batch}:job-queue/terrabatch-test-shared",
        f"{batch}:job/*",
    ]
    assert granted["count-requests"]["CountMessages"]["Action"] == "sqs:GetQueueAttributes"


def test_a_pipeline_that_executes_another_may_do_that_alone() -> None:
    inner = pipeline({"a": score(job_queue="shared")}, share_identifier="search", timeout_seconds=600)
    execution = PipelineExecution(pipeline="inner", share_identifier="tenant2")
    outer = pipeline({"nested": PipelineStage(pipeline=execution)})
    synthesized = pipelines_stack(with_pipelines(inner=inner, outer=outer))
    machine = synthesized.named("aws_sfn_state_machine", "terrabatch-test-outer")
    told = json.loads(machine["definition"])["States"]["nested"]["Parameters"]
    assert told["StateMachineArn"] == "arn:aws:states:us-east-1:111122223333:stateMachine:terrabatch-test-inner:live"
    assert told["Input"] == {
        "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id",
        "share_identifier": "tenant2",
    }
    assert len([item for item in synthesized.all("aws_iam_role_policy") if item["name"] == "execute-pipelines"]) == 1


def test_a_job_for_each_item_reads_the_items_and_writes_what_became_of_them() -> None:
    stage = FanOutStage(
        items=JsonManifest(bucket="data", key="lists/{day}.json"),
        job=JobRequest(job_definition="score"),
        item_parameter="model",
        results_bucket="data",
    )
    settings = with_pipelines(nightly=pipeline({"each": stage}, parameters={"day": "monday"}))
    synthesized = pipelines_stack(settings)
    made = states(settings)["each"]
    assert made["ItemReader"]["Parameters"]["Bucket"].startswith("terrabatch-test-data-")
    assert made["ItemReader"]["Parameters"]["Key.$"] == "States.Format('lists/{}.json', $.input.day)"
    submitted = made["ItemProcessor"]["States"]["each: item"]["Parameters"]
    assert submitted["Parameters"] == {"model.$": "$.value"}
    granted = {policy["name"]: statements(policy["policy"]) for policy in synthesized.all("aws_iam_role_policy")}
    assert "execute-items" in granted
    machine = "arn:aws:states:us-east-1:111122223333"
    assert granted["execute-items"]["StartItems"]["Resource"] == f"{machine}:stateMachine:terrabatch-test-nightly"
    assert granted["execute-items"]["FollowItems"]["Resource"] == f"{machine}:execution:terrabatch-test-nightly/*:*"
    [read] = [item for name, item in granted.items() if name.startswith("read-")]
    [write] = [item for name, item in granted.items() if name.startswith("write-")]
    assert read["ReadObjects"]["Resource"].endswith("/lists/*")
    assert write["WriteObjects"]["Resource"].endswith("/fan-outs/*")


def test_a_task_is_run_where_its_definition_says_and_waited_for() -> None:
    task = TaskRun(task_definition="index", environment={"DAY": "monday"})
    settings = environment(
        clusters={"main": cluster_settings()},
        task_definitions={"index": run_task()},
        pipelines={"nightly": pipeline({"index": TaskStage(task=task, timeout_seconds=60)})},
    )
    synthesized, made = pipelines_stack(settings), states(settings)["index"]
    assert (made["Resource"], made["TimeoutSeconds"]) == ("arn:aws:states:::ecs:runTask.sync", 60)
    assert made["Parameters"]["Cluster"] == "terrabatch-test-main"
    assert made["Parameters"]["Overrides"]["ContainerOverrides"][0]["Environment"] == [
        {"Name": "DAY", "Value": "monday"}
    ]
    assert unknown_arguments(made) == set()
    granted = {policy["name"]: statements(policy["policy"]) for policy in synthesized.all("aws_iam_role_policy")}
    assert {"run-index", "follow-tasks"} <= set(granted)
    assert granted["follow-tasks"]["FollowTasks"]["Resource"].endswith(":task/terrabatch-test-main/*")


def test_a_task_for_each_item_gets_it_in_every_container() -> None:
    stage = TaskFanOutStage(
        items=JsonManifest(bucket="data", key="all.json"),
        task=TaskRun(task_definition="index"),
        item_variable="FILE",
        results_bucket="data",
    )
    settings = environment(
        clusters={"main": cluster_settings()},
        task_definitions={"index": run_task()},
        pipelines={"nightly": pipeline({"each": stage})},
    )
    told = states(settings)["each"]["ItemProcessor"]["States"]["each: item"]["Parameters"]
    assert [container["Environment"] for container in told["Overrides"]["ContainerOverrides"]] == [
        [{"Name": "FILE", "Value.$": "$.value"}]
    ]
    granted = {policy["name"] for policy in pipelines_stack(settings).all("aws_iam_role_policy")}
    assert {"run-index", "follow-tasks", "execute-items"} <= granted


def test_an_execution_for_each_item_is_one_of_another_pipeline() -> None:
    inner = pipeline({"a": score()}, required_parameters=["model"], timeout_seconds=600)
    stage = PipelineFanOutStage(
        items=JsonManifest(bucket="data", key="all.json"),
        pipeline=PipelineExecution(pipeline="inner"),
        item_parameter="model",
        results_bucket="data",
    )
    synthesized = pipelines_stack(with_pipelines(inner=inner, outer=pipeline({"each": stage})))
    machine = json.loads(synthesized.named("aws_sfn_state_machine", "terrabatch-test-outer")["definition"])
    told = machine["States"]["each"]["ItemProcessor"]["States"]["each: item"]["Parameters"]["Input"]
    assert told["model.$"] == "$.value"
    granted = {policy["name"] for policy in synthesized.all("aws_iam_role_policy")}
    assert {"execute-items", "execute-pipelines"} <= granted


def test_a_topic_is_published_to_with_its_key() -> None:
    key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    topics = {"on-call": ExistingTopic(topic_arn="arn:aws:sns:us-east-1:111122223333:on-call", kms_key_arn=key)}
    stage = TopicStage(topic=TopicMessage(topic="on-call", body="done"))
    settings = environment(topics=topics, pipelines={"nightly": pipeline({"told": stage})})
    assert states(settings)["told"]["Parameters"] == {
        "Message": "done",
        "TopicArn": "arn:aws:sns:us-east-1:111122223333:on-call",
    }
    [granted] = [
        statements(policy["policy"])
        for policy in pipelines_stack(settings).all("aws_iam_role_policy")
        if policy["name"] == "publish-on-call"
    ]
    assert set(granted) == {"Publish", "PublishWithKey"}


def test_a_file_may_be_read_and_a_message_taken() -> None:
    stages = {
        "file": FileStage(bucket="data", key="verdicts/{model}.json"),
        "approval": ReceiveStage(queue="requests", timeout_seconds=600),
        "score": score(["file", "approval"], stage={"only_if_results": {"approval.body": ["yes"]}}),
    }
    settings = with_pipelines(nightly=pipeline(stages, parameters={"model": "small"}))
    granted = {
        policy["name"]: statements(policy["policy"]) for policy in pipelines_stack(settings).all("aws_iam_role_policy")
    }
    [read] = [item for name, item in granted.items() if name.startswith("read-")]
    assert read["ReadObjects"]["Resource"].endswith("/verdicts/*")
    assert "sqs:DeleteMessage" in granted["consume-requests"]["ConsumeMessages"]["Action"]
    found = states(settings)
    assert all(unknown_arguments(found[name]) == set() for name in ("file", "approval: count", "approval: done"))


def test_a_function_is_called_with_what_is_said_or_told_of_the_execution() -> None:
    functions = {"notify": ExistingFunction(function_arn="arn:aws:lambda:us-east-1:111122223333:function:notify:live")}
    stages = {
        "told": FunctionStage(function=FunctionCall(function="notify", payload='{"a": 1}')),
        "reported": FunctionStage(function=FunctionCall(function="notify")),
    }
    found = states(environment(functions=functions, pipelines={"nightly": pipeline(stages)}))
    assert found["told"]["Parameters"]["Payload"] == {"a": 1}
    assert found["reported"]["Parameters"]["Payload"]["execution.$"] == "$$.Execution.Id"
    assert found["told"]["Parameters"]["FunctionName"].endswith(":function:notify:live")


def test_the_output_has_a_command_that_starts_one() -> None:
    synthesized = pipelines_stack(with_pipelines(nightly=NIGHTLY))
    value = synthesized.document["output"]["pipelines"]["value"]["nightly"]
    assert value["start_command"] == (
        f"aws stepfunctions start-execution --region us-east-1 --state-machine-arn {value['arn']}"
        """ --input '{"model": "small", "share_identifier": "search"}' --query executionArn --output text"""
    )


def test_an_environment_without_pipelines_has_no_stack_for_them() -> None:
    app = App(stack_traces=False)
    build_platform(app, with_pipelines())
    assert app.node.try_find_child("test-pipeline") is None
