import re
from pathlib import Path

import pytest

from modules.iam import refresh_actions
from modules.iam.actions import TABLE, action_fix, actions_of, meant, services
from modules.iam.refresh_actions import main


def test_refreshing_changes_nothing_but_the_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / TABLE.name
    monkeypatch.setattr(refresh_actions, "TABLE", table)
    main()
    assert table.read_text().splitlines()[1:] == TABLE.read_text().splitlines()[1:]
    assert capsys.readouterr().out == f"{len(services())} services in {TABLE.name}\n"


def test_the_heading_says_of_which_version_it_is() -> None:
    required = (Path(__file__).parents[3] / "requirements-dev.txt").read_text()
    version = re.findall(r"^parliament==(\S+)", required, re.MULTILINE)
    assert f"parliament {version[0]} " in TABLE.read_text().splitlines()[0]


@pytest.mark.parametrize(
    "action",
    ["bedrock:InvokeModel", "dynamodb:GetItem", "s3:DeleteObject", "sagemaker:InvokeEndpoint", "s3:Get*", "s3:*"],
)
def test_what_aws_has_is_an_action(action: str) -> None:
    assert action_fix(action) is None


@pytest.mark.parametrize(
    ("action", "meant_one"),
    [
        ("bedrock:InvokeModl", "bedrock:InvokeModel"),
        ("dynamodb:getitem", "dynamodb:GetItem"),
        ("dynamobd:GetItem", "dynamodb:GetItem"),
        ("s3:DeleteObjects", "s3:DeleteObject"),
    ],
)
def test_what_is_misspelt_is_told_with_the_nearest(action: str, meant_one: str) -> None:
    assert action_fix(action) == f"did you mean {meant_one}?"


@pytest.mark.parametrize("action", ["qqqqqq:GetItem", "s3:Xyzzy*", "s3:"])
def test_what_is_near_to_nothing_is_told_where_to_look(action: str) -> None:
    assert "did you mean" not in (action_fix(action) or "did you mean")


def test_a_wildcard_means_all_that_begin_so_each_with_whether_it_takes_resources() -> None:
    assert dict(meant("dynamodb:List*"))["dynamodb:ListTables"] is False
    assert dict(meant("sqs:Send*")) == {"sqs:SendMessage": True}
    assert "GetItem" in actions_of("dynamodb").on_resources
