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
