"""Settings of Lambda functions that somebody else owns.

Source: Invoke in the Lambda API reference.
"""

from typing import Annotated

from pydantic import Field

from modules.markers import ArnOf
from modules.settings import Settings


class ExistingFunction(Settings):
    """A Lambda function that somebody else owns: it can be called, not changed."""

    function_arn: Annotated[
        str,
        ArnOf(
            "function",
            region_reason="EventBridge and Step Functions call functions of their own region",
            account_reason="only its owner can let another account call it",
        ),
    ] = Field(
        pattern=r"^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[0-9A-Za-z_-]{1,64}(:[0-9A-Za-z_-]{1,128})?$"
    )
    """with a version or alias at its end, if it is to be that one, e.g.
    arn:aws:lambda:us-east-1:111122223333:function:notify:live [required]"""
