from typing import get_args

import botocore.session
import pytest

from modules.efs.settings import (
    AccessPointSettings,
    BurstingThroughput,
    ElasticThroughput,
    FileSystemSettings,
    LifecycleDays,
    ProvisionedThroughput,
    ThroughputSettings,
)
from tests.problems import refused

WEIGHTS = {"weights": AccessPointSettings(path="/weights", uid=1_000, gid=1_000)}


def test_the_days_are_those_of_the_efs_api() -> None:
    model = botocore.session.get_session().get_service_model("efs")
    for rules in ("TransitionToIARules", "TransitionToArchiveRules"):
        days = {int(rule.split("_")[1]) for rule in model.shape_for(rules).enum}
        assert set(get_args(LifecycleDays)) == days


def test_by_default_a_file_system_costs_what_is_used_and_is_backed_up() -> None:
    settings = FileSystemSettings(access_points=WEIGHTS)
    assert settings.throughput == ElasticThroughput()
    assert settings.backup
    assert (settings.infrequent_access_after_days, settings.archive_after_days) == (30, None)


def test_without_an_access_point_nobody_could_use_it() -> None:
    assert refused(FileSystemSettings, access_points={}) == ["access_points: 1, got 0"]


@pytest.mark.parametrize("path", ["/weights", "/a/b/c/d", "/a.b/_c", "/" + "x" * 99])
def test_an_access_point_is_a_folder(path: str) -> None:
    assert AccessPointSettings(path=path, uid=0, gid=0).path == path


@pytest.mark.parametrize("path", ["/", "weights", "/a/b/c/d/e", "/a/", "/.hidden", "/a b", "/a;b"])
def test_what_is_no_folder_is_refused(path: str) -> None:
    assert refused(AccessPointSettings, path=path, uid=0, gid=0) == [f"path: got {path!r}"]


def test_a_path_of_101_characters_is_refused() -> None:
    assert refused(AccessPointSettings, path="/" + "x" * 100, uid=0, gid=0)[0].startswith("path: 100, got ")


@pytest.mark.parametrize("number", [0, 4_294_967_295])
def test_posix_ids_have_32_bits(number: int) -> None:
    settings = AccessPointSettings(path="/a", uid=number, gid=number, secondary_gids=[number, *range(1, 16)])
    assert settings.uid == settings.gid == number


@pytest.mark.parametrize(("number", "shown"), [(-1, "-1"), (4_294_967_296, "4,294,967,296")])
def test_posix_ids_have_no_more(number: int, shown: str) -> None:
    assert refused(AccessPointSettings, path="/a", uid=number, gid=0) == [f"uid: 0, 4,294,967,295, got {shown}"]


def test_a_user_has_at_most_16_further_groups() -> None:
    assert refused(AccessPointSettings, path="/a", uid=0, gid=0, secondary_gids=(1,) * 17) == [
        "secondary_gids: 16, got 17"
    ]


@pytest.mark.parametrize("permissions", ["75", "07555", "0780", "rwx"])
def test_permissions_are_octal(permissions: str) -> None:
    for good in ("750", "0750", "2775"):
        assert AccessPointSettings(path="/a", uid=0, gid=0, permissions=good).permissions == good
    assert refused(AccessPointSettings, path="/a", uid=0, gid=0, permissions=permissions) == [
        f"permissions: got {permissions!r}"
    ]


def test_files_are_archived_after_they_are_seldom_read() -> None:
    assert FileSystemSettings(access_points=WEIGHTS, archive_after_days=60)
    for days in (14, 30):
        assert refused(FileSystemSettings, access_points=WEIGHTS, archive_after_days=days) == [
            f"archive_after_days: 30, got {days}"
        ]
    assert refused(
        FileSystemSettings, access_points=WEIGHTS, archive_after_days=90, infrequent_access_after_days=None
    ) == ["archive_after_days: got 90"]


@pytest.mark.parametrize("throughput", [BurstingThroughput(), ProvisionedThroughput(throughput_mibps=1)])
def test_only_elastic_file_systems_are_archived(throughput: ThroughputSettings) -> None:
    assert FileSystemSettings(access_points=WEIGHTS, throughput=throughput)
    assert refused(FileSystemSettings, access_points=WEIGHTS, archive_after_days=90, throughput=throughput) == [
        "archive_after_days: got 90"
    ]


def test_nothing_comes_back_that_never_went() -> None:
    assert FileSystemSettings(access_points=WEIGHTS, back_on_first_access=True)
    assert refused(
        FileSystemSettings, access_points=WEIGHTS, back_on_first_access=True, infrequent_access_after_days=None
    ) == ["back_on_first_access: got True"]


def test_days_between_those_of_efs_are_refused() -> None:
    assert refused(FileSystemSettings, access_points=WEIGHTS, infrequent_access_after_days=2) == [
        "infrequent_access_after_days: 1, 7, 14, 30, 60, 90, 180, 270, 365, got 2"
    ]


def test_provisioned_throughput_is_from_1_to_3414_mib_a_second() -> None:
    assert ProvisionedThroughput(throughput_mibps=1).throughput_mibps == 1
    assert ProvisionedThroughput(throughput_mibps=3_414).throughput_mibps == 3_414
    assert refused(ProvisionedThroughput, throughput_mibps=0) == ["throughput_mibps: 1, 3,414, got 0"]
    assert refused(ProvisionedThroughput, throughput_mibps=3_415) == ["throughput_mibps: 1, 3,414, got 3,415"]
