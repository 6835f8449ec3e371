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
from tests.problems import message

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
    assert message(FileSystemSettings, access_points={}) == (
        "FileSystemSettings: access_points must have at least 1 item, got 0; without one no workload can be let in"
    )


@pytest.mark.parametrize("path", ["/weights", "/a/b/c/d", "/a.b/_c", "/" + "x" * 99])
def test_an_access_point_is_a_folder(path: str) -> None:
    assert AccessPointSettings(path=path, uid=0, gid=0).path == path


@pytest.mark.parametrize("path", ["/", "weights", "/a/b/c/d/e", "/a/", "/.hidden", "/a b", "/a;b"])
def test_what_is_no_folder_is_refused(path: str) -> None:
    assert message(AccessPointSettings, path=path, uid=0, gid=0) == (
        f"AccessPointSettings: path must match ^(/[0-9A-Za-z_-][0-9A-Za-z_.-]*){{1,4}}$, got {path!r}; "
        "made when first mounted; four folders deep at most; a change replaces the access point"
    )


def test_a_path_of_101_characters_is_refused() -> None:
    assert "path must have at most 100 characters" in message(AccessPointSettings, path="/" + "x" * 100, uid=0, gid=0)


@pytest.mark.parametrize("number", [0, 4_294_967_295])
def test_posix_ids_have_32_bits(number: int) -> None:
    settings = AccessPointSettings(path="/a", uid=number, gid=number, secondary_gids=[number, *range(1, 16)])
    assert settings.uid == settings.gid == number


@pytest.mark.parametrize(("number", "shown"), [(-1, "-1"), (4_294_967_296, "4,294,967,296")])
def test_posix_ids_have_no_more(number: int, shown: str) -> None:
    assert message(AccessPointSettings, path="/a", uid=number, gid=0) == (
        f"AccessPointSettings: uid must be from 0 to 4,294,967,295, got {shown}; "
        "owner of the folder, and of whatever is written, whoever the container runs as"
    )


def test_a_user_has_at_most_16_further_groups() -> None:
    assert message(AccessPointSettings, path="/a", uid=0, gid=0, secondary_gids=(1,) * 17) == (
        "AccessPointSettings: secondary_gids must have at most 16 items, got 17; further groups of its users"
    )


@pytest.mark.parametrize("permissions", ["75", "07555", "0780", "rwx"])
def test_permissions_are_octal(permissions: str) -> None:
    for good in ("750", "0750", "2775"):
        assert AccessPointSettings(path="/a", uid=0, gid=0, permissions=good).permissions == good
    assert message(AccessPointSettings, path="/a", uid=0, gid=0, permissions=permissions) == (
        f"AccessPointSettings: permissions must match ^[0-7]{{3,4}}$, got {permissions!r}; "
        "octal, of the folder when it is made; an existing one keeps its own"
    )


def test_files_are_archived_after_they_are_seldom_read() -> None:
    assert FileSystemSettings(access_points=WEIGHTS, archive_after_days=60)
    for days in (14, 30):
        assert message(FileSystemSettings, access_points=WEIGHTS, archive_after_days=days) == (
            "FileSystemSettings: archive_after_days must be more than infrequent_access_after_days (30), "
            f"got {days}; files go through infrequent access into the archive"
        )
    assert message(
        FileSystemSettings, access_points=WEIGHTS, archive_after_days=90, infrequent_access_after_days=None
    ) == (
        "FileSystemSettings: archive_after_days must be more than infrequent_access_after_days (None), got 90; "
        "files go through infrequent access into the archive"
    )


@pytest.mark.parametrize("throughput", [BurstingThroughput(), ProvisionedThroughput(throughput_mibps=1)])
def test_only_elastic_file_systems_are_archived(throughput: ThroughputSettings) -> None:
    assert FileSystemSettings(access_points=WEIGHTS, throughput=throughput)
    assert message(FileSystemSettings, access_points=WEIGHTS, archive_after_days=90, throughput=throughput) == (
        "FileSystemSettings: archive_after_days must be left out where throughput is not ElasticThroughput, got 90; "
        "EFS archives nothing at any other throughput"
    )


def test_nothing_comes_back_that_never_went() -> None:
    assert FileSystemSettings(access_points=WEIGHTS, back_on_first_access=True)
    assert message(
        FileSystemSettings, access_points=WEIGHTS, back_on_first_access=True, infrequent_access_after_days=None
    ) == (
        "FileSystemSettings: back_on_first_access must be False where nothing is moved away, got True; "
        "give infrequent_access_after_days"
    )


def test_days_between_those_of_efs_are_refused() -> None:
    assert "infrequent_access_after_days must be one of 1, 7, 14, 30, 60, 90, 180, 270, 365, got 2" in message(
        FileSystemSettings, access_points=WEIGHTS, infrequent_access_after_days=2
    )


def test_provisioned_throughput_is_at_least_1_mib_a_second() -> None:
    assert message(ProvisionedThroughput, throughput_mibps=0) == (
        "ProvisionedThroughput: throughput_mibps must be at least 1, got 0; MiB/s, about 6 USD a month each"
    )
