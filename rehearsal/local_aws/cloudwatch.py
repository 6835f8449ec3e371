"""What moto forgets of CloudWatch, added as AWS's own API describes it."""

import json
from typing import Any
from uuid import uuid4

from moto.cloudwatch.responses import CloudWatchResponse
from moto.logs.responses import LogsResponse

from rehearsal.local_aws import adds

# Logs: queries that are kept.


@adds(LogsResponse, "put_query_definition")
def put_query_definition(original: Any) -> Any:
    """Keep a query, under an id that there is or a new one."""
    del original

    def put(response: Any) -> str:
        given = {name: value for name, value in json.loads(response.body).items() if name != "clientToken"}
        id_ = given.setdefault("queryDefinitionId", str(uuid4()))
        kept_queries(response)[id_] = given
        return json.dumps({"queryDefinitionId": id_})

    return put


@adds(LogsResponse, "describe_query_definitions")
def describe_query_definitions(original: Any) -> Any:
    """Show the queries whose names begin as asked for."""
    del original

    def describe(response: Any) -> str:
        start = response._get_param("queryDefinitionNamePrefix") or ""
        found = [query for query in kept_queries(response).values() if query["name"].startswith(start)]
        return json.dumps({"queryDefinitions": found})

    return describe


@adds(LogsResponse, "delete_query_definition")
def delete_query_definition(original: Any) -> Any:
    """Forget a query."""
    del original

    def delete(response: Any) -> str:
        return json.dumps({"success": bool(kept_queries(response).pop(response._get_param("queryDefinitionId"), None))})

    return delete


def kept_queries(response: Any) -> dict[str, dict[str, Any]]:
    """Return the queries of the account and region that a request is about."""
    queries: dict[str, dict[str, Any]] = response.logs_backend.__dict__.setdefault("kept_queries", {})
    return queries


# Alarms: those of other alarms, which moto shows and does not make.


@adds(CloudWatchResponse, "put_composite_alarm")
def put_composite_alarm(original: Any) -> Any:
    """Make an alarm with a rule."""
    del original

    def put(response: Any) -> Any:
        return response.put_metric_alarm()

    return put
