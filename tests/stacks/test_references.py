from typing import Annotated, Any

import pytest
from pydantic import Field

from modules.marked_values import marked_values, markers_in
from modules.markers import RefersTo
from modules.naming import ShortName
from modules.settings import Sequence, Settings, collect_problems, nested_problems
from reference.classes import concrete_settings
from stacks.environment import Environment
from stacks.references import check_references
from tests.problems import in_short

QueueName = Annotated[ShortName, RefersTo("queues")]


class Pipe(Settings):
    queue: QueueName
    spare: QueueName | None = None
    title: str = ""


class Root(Settings):
    queues: dict[ShortName, str] = Field(default_factory=dict)
    buckets: dict[ShortName, str] = Field(default_factory=dict)
    pipe: Pipe | None = None
    pipes: dict[ShortName, Pipe] = Field(default_factory=dict)
    row: Sequence[Pipe] = ()
    several: Sequence[QueueName] = ()
    weights: dict[QueueName, str] = Field(default_factory=dict)
    kinds: dict[str, Sequence[Annotated[ShortName, RefersTo("buckets")]]] = Field(default_factory=dict)
    plain: dict[str, Sequence[str]] = Field(default_factory=dict)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"pipe": Pipe(queue="a", title="z")}, [("pipe.queue", "queues", "a")]),
        ({"pipe": Pipe(queue="a", spare="b")}, [("pipe.queue", "queues", "a"), ("pipe.spare", "queues", "b")]),
        ({"pipes": {"x": Pipe(queue="a")}}, [("pipes.x.queue", "queues", "a")]),
        (
            {"row": [Pipe(queue="a"), Pipe(queue="b")]},
            [("row[0].queue", "queues", "a"), ("row[1].queue", "queues", "b")],
        ),
        ({"several": ["a", "b"]}, [("several[0]", "queues", "a"), ("several[1]", "queues", "b")]),
        ({"weights": {"a": "heavy"}}, [("weights.a", "queues", "a")]),
        ({"kinds": {"k": ["a"]}}, [("kinds.k[0]", "buckets", "a")]),
        ({"plain": {"k": ["a"]}}, []),
        ({}, []),
    ],
)
def test_a_reference_is_found_wherever_it_stands(values: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert [(path, marker.kind, name) for path, name, marker in marked_values(Root(**values), RefersTo)] == expected


def test_a_reference_to_what_is_there_is_no_problem() -> None:
    assert list(check_references(Root(queues={"a": ""}, pipe=Pipe(queue="a")))) == []


def test_a_reference_to_what_is_not_there_lists_what_is() -> None:
    root = Root(queues={"requests": "", "results": ""}, pipe=Pipe(queue="request", spare="other"))

    assert in_short(check_references(root)) == [
        "pipe.queue: got 'request'",
        "pipe.spare: got 'other'",
    ]


def test_a_map_that_is_itself_bad_hides_only_the_references_to_it() -> None:
    with collect_problems():
        root = Root(queues={"BAD": ""}, several=["a"], kinds={"k": ["nothing"]})

    assert [problem.path for problem in check_references(root)] == ["kinds.k[0]"]
    assert [problem.path for problem in nested_problems(root)] == ["queues.BAD"]


def test_every_reference_of_every_settings_class_is_to_a_map_of_the_environment() -> None:
    kinds = {
        marker.kind
        for settings in concrete_settings()
        for field in settings.model_fields.values()
        for marker in markers_in(Annotated[field.annotation, *field.metadata, None], RefersTo)
    }

    assert "queues" in kinds
    assert kinds <= set(Environment.model_fields)
