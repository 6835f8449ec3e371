"""Every form that a setting's text must have is shown by an example, which has it."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_type_hints

import pytest
from pydantic import StringConstraints, TypeAdapter

from modules.ec2.instance_types import known_names, nearest_names
from modules.pattern_examples import ARNS, EXAMPLES, example_of
from modules.problems import _description_of
from modules.s3.settings import ExistingBucket
from modules.source import description
from reference.classes import concrete_settings
from tests.problems import problems


def patterns_in(annotation: Any) -> Iterator[str]:
    for item in getattr(annotation, "__metadata__", ()):
        for constraint in (item, *(getattr(item, "metadata", None) or ())):
            if getattr(constraint, "pattern", None):
                yield constraint.pattern
    for part in get_args(annotation):
        yield from patterns_in(part)


def meanings() -> dict[str, str]:
    """Return what a bad text is told of its form, by pattern; some of the settings that have it do."""
    found = {}
    for kind in concrete_settings():
        hints = get_type_hints(kind, include_extras=True)
        for name, field in kind.model_fields.items():
            own = [item.pattern for item in field.metadata if getattr(item, "pattern", None)]
            for pattern in (*patterns_in(hints[name]), *own):
                if not _description_of(pattern, hints[name]):
                    found[pattern] = description(kind, name)
    return found


@pytest.mark.parametrize(("pattern", "meaning"), meanings().items(), ids=lambda text: text[:40])
def test_a_form_has_an_example_that_has_it(pattern: str, meaning: str) -> None:
    example = example_of(pattern, meaning)
    assert TypeAdapter(Annotated[str, StringConstraints(pattern=pattern)]).validate_python(example) == example


def test_no_example_is_kept_that_nothing_uses() -> None:
    used = meanings()
    assert [pattern for pattern in EXAMPLES if pattern not in used] == []
    assert [part for part in ARNS if not any(part in pattern for pattern in used)] == []


def test_a_message_shows_the_example_first() -> None:
    (said,) = problems(lambda: ExistingBucket(bucket_arn="models"))
    assert said.startswith("bucket_arn must look like arn:aws:s3:::example-models, got 'models'; the bucket's ARN")


@pytest.mark.parametrize(
    ("name", "near"),
    [("p3.2xlarge", "p"), ("g5.xlarg", "g5.xlarge"), ("optimall", "optimal"), ("c7i.24xlage", "c7i.24xlarge")],
)
def test_a_type_that_is_suggested_is_of_the_class_that_was_written(name: str, near: str) -> None:
    assert all(found.startswith(near) for found in nearest_names(name, known_names()))


def test_an_unknown_class_of_types_has_nothing_near() -> None:
    assert nearest_names("zz9.large", known_names()) == []
