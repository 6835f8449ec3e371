from typing import Any

import pytest

from modules.ecr.settings import RepositorySettings
from tests.problems import refused


def test_by_default_tags_stay_and_images_are_scanned() -> None:
    settings = RepositorySettings()
    assert settings.immutable_tags
    assert settings.scan_on_push
    assert not settings.force_delete


@pytest.mark.parametrize("field", ["keep_images", "untagged_expire_after_days"])
def test_an_image_is_kept_a_day_at_least(field: str) -> None:
    for value in (1, None):
        values: dict[str, Any] = {field: value}
        assert getattr(RepositorySettings(**values), field) == value
    assert refused(RepositorySettings, **{field: 0}) == [f"{field}: 1, got 0"]


@pytest.mark.parametrize("account", ["12345678901", "1234567890123", "arn:aws:iam::111122223333:root"])
def test_other_accounts_are_named_by_their_id(account: str) -> None:
    assert refused(RepositorySettings, pull_accounts=(account,)) == [f"pull_accounts[0]: got {account!r}"]


@pytest.mark.parametrize(
    ("values", "expires"),
    [
        ({"immutable_tags": False}, True),
        ({"immutable_tags": False, "keep_images": None}, True),
        ({"immutable_tags": False, "untagged_expire_after_days": None}, True),
        ({"immutable_tags": False, "untagged_expire_after_days": None, "keep_images": None}, False),
        ({}, False),
    ],
)
def test_an_image_goes_after_its_tag_where_tags_move_and_images_expire(values: dict[str, Any], expires: bool) -> None:
    assert RepositorySettings(**values).expires_replaced_images is expires
