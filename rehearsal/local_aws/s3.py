"""What moto forgets of S3: Intelligent-Tiering configurations, by id, and that events go to EventBridge."""

from typing import Any

from moto.core.responses import ActionResult
from moto.s3.exceptions import S3ClientError
from moto.s3.responses import S3Response

from rehearsal.local_aws import adds


@adds(S3Response, "_bucket_response_get", "_bucket_response_put", "_bucket_response_delete")
def keep_intelligent_tiering(original: Any) -> Any:
    """Put, get and delete an Intelligent-Tiering configuration."""

    def respond(response: Any, *arguments: Any) -> Any:
        query = arguments[-1]
        if "intelligent-tiering" not in query:
            return original(response, *arguments)
        kept = response.backend.get_bucket(response.bucket_name).__dict__.setdefault("intelligent_tiering", {})
        (id_,) = query["id"]
        if response.method == "PUT":
            kept[id_] = response.body
            return 200, {}, ""
        if id_ not in kept:
            raise S3ClientError("NoSuchConfiguration", "The specified configuration does not exist.")
        return (200, {}, kept[id_]) if response.method == "GET" else (204, {}, kept.pop(id_) and "")

    return respond


@adds(S3Response, "get_bucket_notification")
def show_event_bridge(original: Any) -> Any:
    """Show that a bucket's events go to EventBridge, too."""

    def get_bucket_notification(response: Any) -> Any:
        kept = response.backend.get_bucket_notification_configuration(response.bucket_name)
        if kept is None or kept.event_bridge is None:
            return original(response)
        serialize = response.serialized

        def serialized(result: ActionResult) -> Any:
            return serialize(ActionResult({**result.result, "EventBridgeConfiguration": {}}))

        response.serialized = serialized
        return original(response)

    return get_bucket_notification
