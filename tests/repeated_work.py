"""What libraries do again for each test, though it comes out the same: done once for the whole run."""

import os
import typing
from functools import cache
from typing import Any

import botocore.session


def do_once() -> None:
    """Keep what was read or worked out before."""
    _keep_type_hints()
    # Every session would read the models of AWS's services once more.
    botocore.session.create_loader = cache(botocore.session.create_loader)
    # The images that moto tells of in every account; nothing here asks for them.
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"


def _keep_type_hints() -> None:
    """Keep the types of the arguments that the bindings check with each construct."""
    work_out, keep = typing.get_type_hints, cache(typing.get_type_hints)

    def hints(thing: Any, *rest: Any, **options: Any) -> dict[str, Any]:
        is_stub = getattr(thing, "__name__", "").startswith("_typecheckingstub__")
        return (keep if is_stub else work_out)(thing, *rest, **options)

    typing.get_type_hints = hints  # type: ignore[assignment]
