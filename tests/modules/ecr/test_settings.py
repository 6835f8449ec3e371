from typing import Any

import pytest

from modules.ecr.settings import RepositorySettings
from tests.problems import message


def test_by_default_tags_stay_and_images_are_scanned() -> None:
    settings = RepositorySettings()
    assert settings.immutable_tags
    assert settings.scan_on_push
    assert not settings.force_delete


@pytest.mark.parametrize(
    ("field", "rule", "description"),
    [
        (
            "keep_images",
            "be at least 1",
            "the newest so many; an older one is deleted, in use or not; None: all are kept",
        ),
        (
            "untagged_expire_after_days",
            "be at least 1 days",
            "days since the push of an image that has no tag, in use by digest or not; None: kept",
        ),
    ],
)
def test_an_image_is_kept_a_day_at_least(field: str, rule: str, description: str) -> None:
    for value in (1, None):
        values: dict[str, Any] = {field: value}
        assert getattr(RepositorySettings(**values), field) == value
    assert message(RepositorySettings, **{field: 0}) == f"RepositorySettings: {field} must {rule}, got 0; {description}"


@pytest.mark.parametrize("account", ["12345678901", "1234567890123", "arn:aws:iam::111122223333:root"])
def test_other_accounts_are_named_by_their_id(account: str) -> None:
    assert message(RepositorySettings, pull_accounts=(account,)) == (
        rf"RepositorySettings: pull_accounts[0] must match ^[0-9]{{12}}$, got {account!r}; "
        "other AWS accounts whose roles may pull"
    )
