import json

import pytest

from modules.events.target_input import TargetInput, document_input, is_json, text_input


def test_a_document_without_paths_is_a_text() -> None:
    assert document_input({"Parameters": {"b": "", "a": "1"}}) == TargetInput(text='{"Parameters":{"a":"1","b":""}}')


def test_a_path_is_replaced_by_what_eventbridge_quotes_itself() -> None:
    told = document_input({"Parameters": {"bucket": "$.detail.bucket.name", "key": "$.detail.object.key", "k": "v"}})
    assert told.template == '{"Parameters":{"bucket":<part-1>,"k":"v","key":<part-2>}}'
    assert told.paths == {"part-1": "$.detail.bucket.name", "part-2": "$.detail.object.key"}
    filled = told.template.replace("<part-1>", '"data"').replace("<part-2>", '"a/b"')
    assert json.loads(filled) == {"Parameters": {"bucket": "data", "k": "v", "key": "a/b"}}


def test_a_path_that_occurs_twice_is_looked_up_once() -> None:
    told = document_input({"environment": [{"value": "$.id"}, {"value": "$.id"}]})
    assert (told.template, told.paths) == (
        '{"environment":[{"value":<part-1>},{"value":<part-1>}]}',
        {"part-1": "$.id"},
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, TargetInput()),
        ("$.detail", TargetInput(path="$.detail")),
        ('{"a":1}', TargetInput(text='{"a":1}')),
        ('{"a":"<$.id>"}', TargetInput(template='{"a":"<part-1>"}', paths={"part-1": "$.id"})),
    ],
)
def test_a_text_may_have_parts_of_the_event(text: str | None, told: TargetInput) -> None:
    assert text_input(text) == told


def test_a_part_of_the_event_is_json_wherever_it_stands() -> None:
    assert is_json('{"a":<$.detail>,"b":"x <$.id>"}')
    assert not is_json("done")
