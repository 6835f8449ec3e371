"""What is mounted at /tmp by default, and whose it is."""

from typing import Any

import pytest

from modules.batch.settings.job_containers import Ec2JobContainer, FargateJobContainer
from modules.containers.settings import CommonContainer, FileSystemMount, Tmpfs
from modules.ecs.settings.containers import Ec2Container, FargateContainer
from tests.problems import refused

SIZE = {"vcpus": 1, "memory_mib": 512}
FARGATE: list[tuple[type[CommonContainer], dict[str, Any]]] = [(FargateJobContainer, SIZE), (FargateContainer, {})]
EC2: list[tuple[type[CommonContainer], dict[str, Any]]] = [(Ec2JobContainer, SIZE), (Ec2Container, {})]


@pytest.mark.parametrize(("kind", "values"), [*FARGATE, *EC2])
def test_tmp_can_be_written_where_the_rest_cannot(kind: type[CommonContainer], values: dict[str, Any]) -> None:
    mount = FileSystemMount(container_path="/tmp", file_system="scratch", access_point="all")

    assert kind(image="a:1", **values).scratch_folders() == ("/tmp",)
    assert kind(image="a:1", scratch_paths=["/work"], **values).scratch_folders() == ("/work",)
    assert kind(image="a:1", scratch_paths=[], **values).scratch_folders() == ()
    # A volume would hide what the image has there, and on Fargate whose it is.
    assert kind(image="a:1", read_only_root_filesystem=False, **values).scratch_folders() == ()
    assert kind(image="a:1", mounts=[mount], **values).scratch_folders() == ()
    assert refused(kind, image="a:1", mounts=[mount], scratch_paths=["/tmp"], **values) == ["mounts: got '/tmp'"]


@pytest.mark.parametrize(("kind", "values"), EC2)
def test_a_folder_in_memory_takes_the_place_of_tmp(kind: type[CommonContainer], values: dict[str, Any]) -> None:
    changes: dict[str, Any] = {"tmpfs": [Tmpfs(container_path="/tmp", size_mib=64)]}
    assert kind(image="a:1", **changes, **values).scratch_folders() == ()


@pytest.mark.parametrize("user", ["1000", "1000:1000", "app", "app:root", "0app"])
@pytest.mark.parametrize(("kind", "values"), FARGATE)
def test_whoever_gives_a_user_on_fargate_says_where_it_can_write(
    kind: type[CommonContainer], values: dict[str, Any], user: str
) -> None:
    assert refused(kind, image="a:1", user=user, **values) == ["scratch_paths"]
    writable: dict[str, Any] = {"read_only_root_filesystem": False}
    ways: list[dict[str, Any]] = [{"scratch_paths": []}, {"scratch_paths": ["/tmp"]}, writable]
    for enough in ways:
        assert kind(image="a:1", user=user, **values, **enough)


@pytest.mark.parametrize("user", [None, "root", "0", "0:0", "root:app"])
@pytest.mark.parametrize(("kind", "values"), FARGATE)
def test_root_writes_to_what_is_roots(kind: type[CommonContainer], values: dict[str, Any], user: str | None) -> None:
    assert kind(image="a:1", user=user, **values).scratch_folders() == ("/tmp",)


@pytest.mark.parametrize(("kind", "values"), EC2)
def test_on_instances_a_volume_has_the_owner_that_the_image_gives_it(
    kind: type[CommonContainer], values: dict[str, Any]
) -> None:
    assert kind(image="a:1", user="1000", **values).scratch_folders() == ("/tmp",)
