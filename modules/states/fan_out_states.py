"""The state that submits a job for each item. No constructs.

Each item, or batch of items, is an execution of its own, with its own history: the pipeline's does not grow with them.
"""

from typing import Any

from modules import arns
from modules.naming import AwsLocation
from modules.states.calls import ServiceCall
from modules.states.settings.fan_outs import (
    MOST_BATCH_BYTES,
    PLACEHOLDER,
    CsvManifest,
    FanOutStage,
    ItemsSettings,
    JsonManifest,
    ObjectsBelow,
)


def map_state(
    name: str, stage: FanOutStage, task: dict[str, Any], location: AwsLocation, bucket_names: tuple[str, str]
) -> dict[str, Any]:
    """Return the state, without what comes after it. ``task``: that of one item; ``bucket_names``: items', results'."""
    items_bucket, results_bucket = bucket_names
    tolerated = stage.tolerated_failure_percentage
    return {
        "Type": "Map",
        "ItemReader": _reader(stage.items, location, items_bucket),
        "MaxConcurrency": stage.max_concurrency,
        **({"ToleratedFailurePercentage": tolerated} if tolerated else {}),
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            **_processor(name, stage, task),
        },
        **_selection(stage),
        "ResultWriter": {
            "Resource": arns.integration(location, "s3:putObject"),
            "Parameters": {"Bucket": results_bucket, "Prefix": stage.results_prefix},
        },
        "ResultSelector": {"stage": name},
        "ResultPath": "$.last",
    }


def with_item(call: ServiceCall, parameter: str) -> ServiceCall:
    """Return the call of a job that is given an item, or a batch of them."""
    parameters = {**call.arguments.get("Parameters", {}), f"{parameter}.$": "$.value"}
    return call.but(Parameters=dict(sorted(parameters.items())))


def filled(template: str) -> dict[str, str]:
    """Return a key or prefix as the value of ``.$``, with what the execution says in place of ``{name}``."""
    names = PLACEHOLDER.findall(template)
    if not names:
        return {"": template}
    paths = ", ".join(f"$.input.{name}" for name in names)
    return {".$": f"States.Format('{PLACEHOLDER.sub('{}', template)}', {paths})"}


def _reader(items: ItemsSettings, location: AwsLocation, bucket_name: str) -> dict[str, Any]:
    action, argument, config = "s3:getObject", "Key", {}
    match items:
        case ObjectsBelow():
            action, argument = "s3:listObjectsV2", "Prefix"
        case JsonManifest():
            config = {"InputType": "JSON"}
        case CsvManifest():
            config = {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}
    where = {f"{argument}{suffix}": value for suffix, value in filled(items.template).items()}
    return {
        "Resource": arns.integration(location, action),
        "Parameters": {"Bucket": bucket_name, **where},
        **({"ReaderConfig": config} if config else {}),
    }


def _path_of(items: ItemsSettings) -> str:
    field = {
        ObjectsBelow: "Key",
        JsonManifest: items.field if isinstance(items, JsonManifest) else None,
        CsvManifest: items.column if isinstance(items, CsvManifest) else None,
    }[type(items)]
    return f"$$.Map.Item.Value.{field}" if field else "$$.Map.Item.Value"


def _selection(stage: FanOutStage) -> dict[str, Any]:
    """Return what of an item each execution is told, besides what the pipeline's was."""
    value = {"value.$": f"States.Format('{{}}', {_path_of(stage.items)})"}
    if stage.batch_size == 1:
        return {"ItemSelector": {**value, "input.$": "$.input"}}
    return {
        "ItemSelector": value,
        "ItemBatcher": {
            "BatchInput": {"input.$": "$.input"},
            "MaxInputBytesPerBatch": MOST_BATCH_BYTES,
            "MaxItemsPerBatch": stage.batch_size,
        },
    }


def _processor(name: str, stage: FanOutStage, task: dict[str, Any]) -> dict[str, Any]:
    job = f"{name}: item"
    if stage.batch_size == 1:
        return {"StartAt": job, "States": {job: {**task, "End": True}}}
    batch = f"{name}: batch"
    together = {"input.$": "$.BatchInput.input", "value.$": "States.JsonToString($.Items[*].value)"}
    states = {batch: {"Type": "Pass", "Parameters": together, "Next": job}, job: {**task, "End": True}}
    return {"StartAt": batch, "States": states}
