"""The evaluator of filter patterns, on the examples of AWS's documentation."""

import pytest

from tests.modules.cloudwatch.filter_patterns import NotAPatternError, matches

TRAIL = {
    "eventType": "UpdateTrail",
    "sourceIPAddress": "111.111.111.111",
    "arrayKey": ["value", "another value"],
    "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
    "SomeObject": None,
    "ThisFlag": True,
    "latency": 500,
}
USERS = {
    "user": {"id": 1, "email": "John.Stiles@example.com"},
    "users": [{"id": 2, "email": "John.Doe@example.com"}, {"id": 3, "email": "Jane.Doe@example.com"}],
    "actions": ["GET", "PUT", "DELETE"],
    "coordinates": [[0, 1, 2], [4, 5, 6], [7, 8, 9]],
}


@pytest.mark.parametrize(
    "pattern",
    [
        '{ $.eventType = "UpdateTrail" }',
        "{ $.eventType = Update* }",
        '{ $.eventType = "*date*" }',
        "{ $.sourceIPAddress != 123.123.* }",
        '{ $.arrayKey[0] = "value" }',
        "{ $.objectList[1].id = 2 }",
        "{ $.SomeObject IS NULL }",
        "{ $.SomeOtherObject NOT EXISTS }",
        "{ $.ThisFlag IS TRUE }",
        "{ $.latency = * }",
        "{ $.latency >= 500 && $.latency < 501 }",
    ],
)
def test_what_the_documentation_says_that_matches_does(pattern: str) -> None:
    assert matches(pattern, TRAIL)


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.eventType = Up*Trail }",
        "{ $.eventType = Trail }",
        "{ $.arrayKey = 1 }",
        "{ $.arrayKey != 1 }",
        "{ $.eventType NOT EXISTS }",
        "{ $.nothing = * }",
        "{ $.latency > 500 }",
        "{ $.eventType > 1 }",
    ],
)
def test_what_the_documentation_says_that_does_not_match_does_not(pattern: str) -> None:
    assert not matches(pattern, TRAIL)


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ('{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', True),
        ('{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', False),
        (
            '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }',
            True,
        ),
        (
            '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = no }',
            False,
        ),
    ],
)
def test_conditions_bind_as_the_documentation_says(pattern: str, matched: bool) -> None:
    assert matches(pattern, USERS) is matched


@pytest.mark.parametrize(
    "pattern", ["ERROR", "{ $.a }", "{ a = 1 }", "{ ($.a = 1 }", "{ $.a = 1 && }", "{ $.a = 1 ) }", "{ $.a ~ 1 }"]
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(NotAPatternError):
        matches(pattern, {})
