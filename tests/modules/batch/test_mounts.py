import pytest

from modules.containers.settings import CommonContainer, MountSettings
from modules.ecs.settings.containers import EbsVolumeMount, SharedFolderMount, TaskContainer
from modules.problems import format_value
from modules.settings import collect_problems, nested_problems
from reference.classes import concrete_settings
from tests.problems import in_short

CONTAINERS = concrete_settings(CommonContainer)


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    "mount", [EbsVolumeMount(container_path="/a"), SharedFolderMount(container_path="/a", folder="a")]
)
def test_what_only_ecs_can_mount_is_refused_in_a_job(container: type[CommonContainer], mount: MountSettings) -> None:
    with collect_problems():
        made = container(mounts=[mount])  # type: ignore[call-arg]  # what else is missing is of no interest here

    found = in_short(problem for problem in nested_problems(made) if problem.path.startswith("mounts"))
    expected = f"mounts[0]: got {format_value(mount)}"
    assert found == ([] if issubclass(container, TaskContainer) else [expected])


def test_there_are_containers_of_both_services() -> None:
    assert {issubclass(container, TaskContainer) for container in CONTAINERS} == {True, False}
