"""The state that starts something for each item. No constructs.

Each item, or batch of items, is an execution of its own, with its own history: the pipeline's does not grow with them.
"""

from collections.abc import Mapping
from typing import Any

from modules import arns
from modules.naming import AwsLocation
from modules.states.calls import ServiceCall, filled
from modules.states.settings.fan_outs import FanOutSettings, FanOutStage, PipelineFanOutStage, TaskFanOutStage
from modules.states.settings.items import CsvManifest, ItemsSettings, JsonManifest, ObjectsBelow

# An item of a map; and what an execution for items is told of them.
VALUE = "$$.Map.Item.Value"
ITEM = "$.value"


def map_state(
    name: str, stage: FanOutSettings, task: dict[str, Any], location: AwsLocation, bucket_names: tuple[str, str]
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


def with_item(call: ServiceCall, stage: FanOutSettings) -> ServiceCall:
    """Return the call of what is given an item, or a batch of them."""
    match stage:
        case FanOutStage():
            return call.but(Parameters=_with(call.arguments.get("Parameters", {}), stage.item_parameter))
        case PipelineFanOutStage():
            return call.but(Input=_with(call.arguments["Input"], stage.item_parameter))
        case TaskFanOutStage():
            item = {"Name": stage.item_variable, "Value.$": ITEM}
            overrides = call.arguments["Overrides"]
            containers = [
                {
                    **one,
                    "Environment": [
                        item if told["Name"] == stage.item_variable else told for told in one["Environment"]
                    ],
                }
                for one in overrides["ContainerOverrides"]
            ]
            return call.but(Overrides={**overrides, "ContainerOverrides": containers})
    raise TypeError(f"{type(stage).__name__} is no kind of fan-out")


def _with(given: Mapping[str, Any], parameter: str) -> dict[str, Any]:
    return dict(sorted({**given, f"{parameter}.$": ITEM}.items()))


def _reader(items: ItemsSettings, location: AwsLocation, bucket_name: str) -> dict[str, Any]:
    action, argument, config = "s3:getObject", "Key", {}
    match items:
        case ObjectsBelow():
            action, argument = "s3:listObjectsV2", "Prefix"
        case JsonManifest():
            config = {"InputType": "JSON"}
        case CsvManifest():
            config = {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}
    return {
        "Resource": arns.integration(location, action),
        "Parameters": {"Bucket": bucket_name, **filled(argument, items.template)},
        **({"ReaderConfig": config} if config else {}),
    }


def _path_of(items: ItemsSettings) -> str:
    match items:
        case ObjectsBelow():
            return f"{VALUE}.Key"
        case CsvManifest(column=field) | JsonManifest(field=str(field)):
            return f"{VALUE}.{field}"
    return VALUE


def _selection(stage: FanOutSettings) -> dict[str, Any]:
    """Return what of an item each execution is told, besides what the pipeline's was."""
    value = {"value.$": f"States.Format('{{}}', {_path_of(stage.items)})"}
    if stage.batch_size == 1:
        return {"ItemSelector": {**value, "input.$": "$.input"}}
    return {
        "ItemSelector": value,
        "ItemBatcher": {
            "BatchInput": {"input.$": "$.input"},
            "MaxInputBytesPerBatch": stage.most_batch_bytes,
            "MaxItemsPerBatch": stage.batch_size,
        },
    }


def _processor(name: str, stage: FanOutSettings, task: dict[str, Any]) -> dict[str, Any]:
    item = f"{name}: item"
    if stage.batch_size == 1:
        return {"StartAt": item, "States": {item: {**task, "End": True}}}
    batch = f"{name}: batch"
    together = {"input.$": "$.BatchInput.input", "value.$": "States.JsonToString($.Items[*].value)"}
    states = {batch: {"Type": "Pass", "Parameters": together, "Next": item}, item: {**task, "End": True}}
    return {"StartAt": batch, "States": states}
