"""What AWS says a value may be, in one form for API models and CloudFormation type schemas."""

import json
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol

import botocore.session

MODELS = Path(__file__).with_name("models")
KINDS = {"integer": "number", "long": "number", "float": "number", "double": "number", "timestamp": "string"}
# What numbers can be at all.
WIDTHS = {"integer": (-(2**31), 2**31 - 1), "long": (-(2**63), 2**63 - 1)}


class Shape(Protocol):
    """What one value may be."""

    @property
    def kind(self) -> str:
        """Return structure, list, map, string, number, boolean or any."""

    @property
    def members(self) -> Mapping[str, "Shape"]:
        """Return what a structure has."""

    @property
    def required(self) -> Iterable[str]:
        """Return the members that a structure must have."""

    @property
    def item(self) -> "Shape":
        """Return what a list or map holds."""

    @property
    def keys(self) -> "Shape":
        """Return what the keys of a map are."""

    @property
    def words(self) -> Iterable[Any]:
        """Return the only values there are, if they are listed."""

    @property
    def least(self) -> float | None:
        """Return the least number, or the least length or size."""

    @property
    def most(self) -> float | None:
        """Return the largest number, or the largest length or size."""

    @property
    def pattern(self) -> str | None:
        """Return what the whole of a string matches."""


class ApiShape:
    """A shape of botocore's model of an API."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape
        self.kind = KINDS.get(shape.type_name, shape.type_name)
        self.words: Iterable[Any] = getattr(shape, "enum", ())
        lowest, highest = WIDTHS.get(shape.type_name, (None, None))
        self.least: float | None = shape.metadata.get("min", lowest)
        self.most: float | None = shape.metadata.get("max", highest)
        self.pattern: str | None = shape.metadata.get("pattern")

    @cached_property
    def members(self) -> Mapping[str, Shape]:
        return {name: ApiShape(member) for name, member in getattr(self.shape, "members", {}).items()}

    @cached_property
    def required(self) -> Iterable[str]:
        tokens = {name for name, member in self.shape.members.items() if member.metadata.get("idempotencyToken")}
        return set(self.shape.required_members) - tokens

    @cached_property
    def item(self) -> Shape:
        return ApiShape(self.shape.member if self.kind == "list" else self.shape.value)

    @cached_property
    def keys(self) -> Shape:
        return ApiShape(self.shape.key)


class SchemaShape:
    """A shape of a CloudFormation type schema, as ``refresh.py`` keeps it."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema
        self.kind: str = schema.get("kind", "structure")
        self.words: Iterable[Any] = schema.get("words", ())
        self.least: float | None = schema.get("least")
        self.most: float | None = schema.get("most")
        # Found anywhere in the text, unless it says otherwise.
        self.pattern = f"(?s:.*)(?:{schema['pattern']})(?s:.*)" if "pattern" in schema else None
        self.required: Iterable[str] = schema.get("required", ())

    @cached_property
    def members(self) -> Mapping[str, Shape]:
        return {name: SchemaShape(member) for name, member in self.schema.get("members", {}).items()}

    @cached_property
    def item(self) -> Shape:
        return SchemaShape(self.schema.get("item", {"kind": "any"}))

    @cached_property
    def keys(self) -> Shape:
        return SchemaShape({"kind": "string"})


@cache
def request_shape(operation: str) -> Shape:
    """Return what an operation's request may be; ``operation`` is ``service.Operation``."""
    service, _, name = operation.partition(".")
    return ApiShape(_model(service).operation_model(name).input_shape)


@cache
def _model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


@cache
def _schemas() -> Mapping[str, Any]:
    schemas: Mapping[str, Any] = json.loads((MODELS / "cloudformation.json").read_text())
    return schemas


@cache
def schema_shape(type_: str) -> Shape:
    """Return what CloudFormation says the properties of a type may be."""
    return SchemaShape(_schemas()[type_])
