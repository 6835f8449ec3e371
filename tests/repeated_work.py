"""What libraries do again for each test, though it comes out the same: done once for the whole run."""

import os
import typing
from functools import cache
from typing import Any

import botocore.session
import typeguard


def do_once() -> None:
    """Keep what was read or worked out before."""
    _keep_type_hints()
    _keep_checked_types()
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


def _keep_checked_types() -> None:
    """Keep which types of values arguments were found to take; what is in a list or a map is looked at each time."""
    check, taken = typeguard.check_type, dict[tuple[type, int], Any]()

    def check_type(argname: str, value: Any, expected_type: Any, *rest: Any, **options: Any) -> None:
        key = type(value), id(expected_type)
        if key not in taken:
            check(argname, value, expected_type, *rest, **options)
            if not isinstance(value, dict | list | tuple):
                taken[key] = expected_type  # and so no other gets its id

    typeguard.check_type = check_type
