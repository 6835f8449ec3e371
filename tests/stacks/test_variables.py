"""Variables of an environment: the rules hold wherever they may lead, or say where not."""

from typing import Any

from modules.batch.settings.compute_environments import FargateComputeEnvironment
from modules.batch.settings.job_queues import JobQueueSettings
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import ClusterSettings
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.iam.access_settings import Access
from modules.lambda_functions.settings import ExistingFunction
from modules.pipes.settings import PipeSettings
from modules.sqs.settings import MessageQueueSettings
from modules.targets.settings import FunctionCall
from modules.variables import TerraformVariable
from stacks.environment import Environment
from stacks.loading import load_environments
from stacks.variables import FORMS, has_variables, late_values, with_values
from tests.generated import objects_in, replaced
from tests.modules.ecs.samples import worker_settings
from tests.problems import in_short
from tests.shipped import EXAMPLES
from tests.stacks.environments import empty_environment, fargate_job, values
from tests.stacks.environments import environment as full_environment
from tests.stacks.rules.service_samples import with_cluster

FARGATE = [CapacityShare(provider="FARGATE")]


def variable(name: str = "late", **changes: Any) -> Any:
    values: dict[str, Any] = {"name": name, "description": "d", "default": 64}
    return TerraformVariable(**values | changes)


def with_vcpus(vcpus: Any, **changes: Any) -> Environment:
    environments = {"light": FargateComputeEnvironment(max_vcpus=vcpus)}
    return empty_environment(
        network=values()["network"],
        compute_environments=environments,
        job_queues={"light": JobQueueSettings(compute_environments=["light"])},
        job_definitions={"embed": fargate_job(access=Access(), vcpus=4.0, memory_mib=8_192)},
        **changes,
    )


def found(environment: Environment) -> list[str]:
    return in_short(late_values(environment)[1])


def tried(environment: Environment) -> dict[str, list[Any]]:
    lates, problems = late_values(environment)
    assert problems == []
    return {late.variable.name: late.tried for late in lates}


def test_an_environment_of_plain_values_has_no_variables() -> None:
    assert not has_variables(full_environment())
    assert late_values(full_environment()) == ([], [])
    assert has_variables(with_vcpus(variable(at_most=128)))


def test_a_number_is_tried_at_both_ends_of_its_range() -> None:
    assert tried(with_vcpus(variable(at_least=4, at_most=128))) == {"late": [4, 128]}
    assert tried(with_vcpus(variable(at_least=64, at_most=128))) == {"late": [128]}


def test_the_ends_of_the_setting_hold_where_the_variable_has_none() -> None:
    queue = MessageQueueSettings(visibility_timeout_seconds=60, max_message_bytes=variable(default=2_048))
    assert tried(empty_environment(queues={"a": queue})) == {"late": [1_024, 1_048_576]}
    assert found(with_vcpus(variable(at_least=4))) == ["compute_environments.light.max_vcpus"]


def test_a_rule_that_an_end_breaks_is_told() -> None:
    path = "compute_environments.light.max_vcpus"
    assert found(with_vcpus(variable(at_least=3, at_most=128))) == [f"{path}: got 3"]
    assert found(with_vcpus(variable(at_least=4, at_most=128))) == []


def test_two_numbers_of_one_entry_that_are_not_allowed_together_are_told_unless_one_must_not_pass_the_other() -> None:
    def hiding(most: int) -> Environment:
        delay = variable("delay", default=0, at_most=most)
        hidden = variable("hidden", default=60, at_least=30, at_most=600)
        queue = {"delay_seconds": delay, "visibility_timeout_seconds": hidden, "message_retention_seconds": 1_000}
        return empty_environment(queues={"a": MessageQueueSettings(**queue)})

    assert found(hiding(300)) == []
    assert found(hiding(600)) == ["queues.a.delay_seconds: got 600 with 600"]


def collecting(window: Any, hidden: Any, **changes: Any) -> Environment:
    """A pipe that collects messages for so long, of a queue that hides them for so long."""
    return empty_environment(
        functions={"f": ExistingFunction(function_arn="arn:aws:lambda:us-east-1:111122223333:function:f")},
        queues={"a": MessageQueueSettings(visibility_timeout_seconds=hidden)},
        pipes={"p": PipeSettings(queue="a", target=FunctionCall(function="f"), batch_window_seconds=window)},
        **changes,
    )


def test_numbers_of_different_entries_are_tried_together_too() -> None:
    window = variable("window", default=10, at_least=1, at_most=60)
    lates, problems = late_values(collecting(window, variable("hidden", default=70, at_least=30, at_most=600)))
    assert problems == []
    assert {late.variable.name: late.orders for late in lates if late.orders} == {"hidden": {"window": ">"}}
    (free, _), problems = late_values(collecting(window, variable("hidden", default=70, at_least=61, at_most=600)))
    assert (free.orders, problems) == ({}, [])


def test_what_two_switches_are_not_allowed_together_is_told() -> None:
    repositories = {"a": RepositorySettings(scan_on_push=variable("scan", default=True))}
    made = empty_environment(production=variable("live", default=False), repositories=repositories)
    assert found(made) == ["production: got True with False"]


def test_three_numbers_that_are_not_allowed_together_are_told_though_any_two_of_them_are() -> None:
    def sharing(most: int) -> Environment:
        shares = [variable(f"share_{part}", default=20, at_least=10, at_most=most) for part in "abc"]
        services = {f"w{i}": worker_settings(queue_share_percent=share) for i, share in enumerate(shares)}
        return with_cluster(services=services)

    assert found(sharing(33)) == []
    assert found(sharing(40)) == ["services.w0.queue_share_percent"]


def test_a_text_is_tried_with_another_of_its_length() -> None:
    tags = {"team": variable(default="a-1"), "other": variable("other", default="ab")}
    assert tried(empty_environment(tags=tags)) == {"late": ["a-2"], "other": ["ac"]}


def test_a_text_that_decides_what_rules_allow_is_refused() -> None:
    assert found(full_environment(region=variable(default="us-east-1"))) == ["region: got 'us-east-1'"]


def test_a_name_of_another_entry_is_refused() -> None:
    image = RepositoryImage(repository=variable(default="models"), tag="1.0")
    made = full_environment(
        repositories={"models": RepositorySettings()}, job_definitions={"embed": fargate_job(image=image)}
    )
    assert found(made) == ["job_definitions.embed.image.repository: got 'models'"]


def test_what_is_chosen_from_a_list_is_tried_with_all_that_is_allowed() -> None:
    clusters = {"a": ClusterSettings(default_capacity=FARGATE, container_insights=variable(default="enabled"))}
    assert tried(empty_environment(clusters=clusters, network=values()["network"])) == {
        "late": ["disabled", "enhanced"]
    }
    points = {"models": AccessPointSettings(path="/models", uid=1_000, gid=1_000)}
    systems = {"a": FileSystemSettings(access_points=points, infrequent_access_after_days=variable(default=30))}
    made = empty_environment(network=values()["network"], file_systems=systems)
    assert tried(made) == {"late": [1, 365]}


def test_a_switch_is_tried_the_other_way() -> None:
    assert tried(empty_environment(production=variable(default=False))) == {"late": [True]}


def test_one_name_means_one_thing_wherever_it_stands() -> None:
    queues = {
        name: MessageQueueSettings(visibility_timeout_seconds=60, max_message_bytes=variable(default=size))
        for name, size in (("a", 2_048), ("b", 2_048), ("c", 4_096))
    }
    assert found(empty_environment(queues=queues)) == ["queues.c.max_message_bytes: got a second variable 'late'"]
    del queues["c"]
    (late,) = late_values(empty_environment(queues=queues))[0]
    assert list(late.places) == [("queues", "a", "max_message_bytes"), ("queues", "b", "max_message_bytes")]


def test_other_values_are_put_wherever_they_belong() -> None:
    made = full_environment(tags={"a": "b"})
    changed = with_values(made, {("tags", "a"): "c", ("network", "availability_zones", 0): "us-east-1d"})
    assert changed.tags == {"a": "c"}
    assert changed.network.availability_zones[0] == "us-east-1d"  # type: ignore[union-attr]


def test_texts_of_which_hardly_another_is_valid_are_tried_with_one_of_their_form() -> None:
    (environment,) = load_environments(["web-inference"], EXAMPLES)
    path = next(
        (*path, "timezone")
        for path, item in objects_in(environment)
        if "timezone" in type(item).model_fields and item.__dict__["timezone"] == "UTC"
    )
    (value,) = tried(replaced(environment, path, variable(default="UTC")))["late"]
    assert value in FORMS
