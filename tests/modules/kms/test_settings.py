import pytest

from modules.kms.settings import ExistingKmsKey, KmsKeySettings, NewKmsKey
from tests.problems import refused

KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.mark.parametrize("days", [7, 30])
def test_a_key_is_deleted_after_7_to_30_days(days: int) -> None:
    assert NewKmsKey(deletion_window_days=days).deletion_window_days == days


@pytest.mark.parametrize("days", [6, 31])
def test_no_other_time_is_accepted(days: int) -> None:
    assert refused(lambda: NewKmsKey(deletion_window_days=days)) == [f"deletion_window_days: 7, 30, got {days}"]


def test_a_key_is_kept_as_long_as_kms_can_by_default() -> None:
    assert NewKmsKey().deletion_window_days == 30


@pytest.mark.parametrize(
    "arn",
    [
        KEY,
        "arn:aws-cn:kms:cn-north-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1",
    ],
)
def test_a_key_of_somebody_elses_is_named_by_its_arn(arn: str) -> None:
    assert ExistingKmsKey(key_arn=arn).key_arn == arn


@pytest.mark.parametrize(
    "arn",
    [
        "alias/aws/sqs",
        "1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws:kms:us-east-1:111122223333:alias/data",
        "arn:aws:kms:us-east-1:11112222333:key/1",
        "arn:aws:kms:us-east-1:١١١١٢٢٢٢٣٣٣٣:key/1",
        f"{KEY}\n",
    ],
)
def test_an_alias_or_an_id_is_refused(arn: str) -> None:
    assert refused(lambda: ExistingKmsKey(key_arn=arn)) == [f"key_arn: got {arn!r}"]


def test_there_are_two_kinds_of_key() -> None:
    assert refused(KmsKeySettings) == [""]
