"""The local AWS of each test: moto with all that is added to it, and nothing in it."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from rehearsal import local_aws


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    local_aws.install(lambda owner, name, value: monkeypatch.setattr(owner, name, value, raising=False))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield
