"""What moto forgets of Athena, added as AWS's own API describes it."""

from typing import Any

from moto.athena.responses import AthenaResponse
from moto.core.responses import ActionResult

from rehearsal.local_aws import adds


@adds(AthenaResponse, "get_named_query")
def find_named_query(original: Any) -> Any:
    """Say of a query which is not there that it is not."""

    def get(response: Any) -> Any:
        if response._get_param("NamedQueryId") not in response.athena_backend.named_queries:
            return response.error("NamedQuery was not found", 400)
        return original(response)

    return get


@adds(AthenaResponse, "delete_named_query")
def delete_named_query(original: Any) -> Any:
    """Forget a query."""
    del original

    def delete(response: Any) -> ActionResult:
        response.athena_backend.named_queries.pop(response._get_param("NamedQueryId"), None)
        return ActionResult({})

    return delete
