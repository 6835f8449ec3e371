"""What moto forgets of Cost Explorer, added as AWS's own API describes it: what finds anomalies, and tells of them."""

import json
from typing import Any
from uuid import uuid4

from moto.ce.responses import CostExplorerResponse
from moto.core.responses import ActionResult

from rehearsal.local_aws import Addition, adds


def anomalies(response: Any, kind: str) -> dict[str, dict[str, Any]]:
    """Return the account's ``kind``, Monitor or Subscription, by ARN."""
    kept: dict[str, dict[str, Any]] = response.ce_backend.__dict__.setdefault(f"anomaly_{kind}", {})
    return kept


def created(kind: str) -> Any:
    """Return the operation that makes one."""

    def create(response: Any) -> ActionResult:
        given = json.loads(response.body)
        arn = f"arn:{response.partition}:ce::{response.current_account}:anomaly{kind.lower()}/{uuid4()}"
        anomalies(response, kind)[arn] = {**given[f"Anomaly{kind}"], f"{kind}Arn": arn}
        response.ce_backend.tag_resource(arn, given.get("ResourceTags") or [])
        return ActionResult({f"{kind}Arn": arn})

    return create


def shown(kind: str) -> Any:
    """Return the operation that shows those which are asked for, or all."""

    def show(response: Any) -> ActionResult:
        wanted = json.loads(response.body).get(f"{kind}ArnList")
        found = [item for arn, item in anomalies(response, kind).items() if not wanted or arn in wanted]
        return ActionResult({f"Anomaly{kind}s": found})

    return show


def changed(kind: str) -> Any:
    """Return the operation that changes what is given of one."""

    def change(response: Any) -> ActionResult:
        given = json.loads(response.body)
        anomalies(response, kind)[given[f"{kind}Arn"]].update(given)
        return ActionResult({f"{kind}Arn": given[f"{kind}Arn"]})

    return change


def forgotten(kind: str) -> Any:
    """Return the operation that deletes one."""

    def forget(response: Any) -> ActionResult:
        anomalies(response, kind).pop(json.loads(response.body)[f"{kind}Arn"], None)
        return ActionResult({})

    return forget


def instead(function: Any) -> Addition:
    """Return the addition of an operation that moto has not."""
    return lambda _: function


def add_anomalies(kind: str) -> None:
    """Add the four operations of a kind."""
    name = kind.lower()
    operations = {
        f"create_anomaly_{name}": created(kind),
        f"get_anomaly_{name}s": shown(kind),
        f"update_anomaly_{name}": changed(kind),
        f"delete_anomaly_{name}": forgotten(kind),
    }
    for operation, function in operations.items():
        adds(CostExplorerResponse, operation)(instead(function))


for _kind in ("Monitor", "Subscription"):
    add_anomalies(_kind)
