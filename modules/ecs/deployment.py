"""How a service gets from one revision to the next, and the functions that ECS asks on the way."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from cdktf_cdktf_provider_aws.ecs_service import (
    EcsServiceAlarms,
    EcsServiceDeploymentCircuitBreaker,
    EcsServiceDeploymentConfiguration,
    EcsServiceDeploymentConfigurationCanaryConfiguration,
    EcsServiceDeploymentConfigurationLifecycleHook,
    EcsServiceDeploymentConfigurationLinearConfiguration,
)
from constructs import Construct

from modules.defaults import require_all
from modules.ecs.names import hook_role_name
from modules.ecs.settings.deployments import (
    CanaryDeployment,
    DeploymentSettings,
    LinearDeployment,
    RollingDeployment,
    ShiftedDeployment,
)
from modules.iam.existing_role import define_role
from modules.iam.policy import allow
from modules.lambda_functions.settings import ExistingFunction
from modules.naming import AwsLocation
from modules.terraform_literal import terraform_literal

Hook: TypeAlias = EcsServiceDeploymentConfigurationLifecycleHook


class LifecycleHooks:
    """Define the role with which ECS calls what looks at deployments; the service must depend on its permissions."""

    def __init__(
        self,
        scope: Construct,
        *,
        name: str,
        deployment: ShiftedDeployment,
        functions: Mapping[str, ExistingFunction],
        location: AwsLocation,
    ) -> None:
        hooks = deployment.lifecycle_hooks
        called = require_all(scope, "functions", [hook.function for hook in hooks.values()], functions)
        self.role = define_role(
            scope,
            "hook-role",
            name=hook_role_name(name),
            services=["ecs.amazonaws.com"],
            account_id=location.account_id,
            description=f"Calls what looks at deployments of {name}",
            role_arn=deployment.hook_role_arn,
        )
        arns = sorted({function.function_arn for function in called.values()})
        self.role.add_policy("call-hooks", [allow("CallHooks", ["lambda:InvokeFunction"], arns)])
        self.hooks = [
            Hook(
                hook_target_arn=called[hook.function].function_arn,
                lifecycle_stages=list(hook.stages),
                role_arn=self.role.role_arn,
                hook_details=terraform_literal(hook.details) if hook.details else None,
            )
            for _, hook in sorted(hooks.items())
        ]


def rolling_arguments(settings: RollingDeployment) -> dict[str, Any]:
    """Return how many tasks there are while old ones go and new ones come."""
    return {
        "deployment_minimum_healthy_percent": settings.min_healthy_percent,
        "deployment_maximum_percent": settings.max_percent,
        "deployment_circuit_breaker": EcsServiceDeploymentCircuitBreaker(enable=True, rollback=True),
    }


def deployment_arguments(settings: DeploymentSettings, hooks: Sequence[Hook] = ()) -> dict[str, Any]:
    """Return how a service's revisions follow each other; ``hooks`` are asked on the way."""
    arguments: dict[str, Any] = {}
    if settings.rollback_alarms:
        arguments["alarms"] = EcsServiceAlarms(alarm_names=sorted(settings.rollback_alarms), enable=True, rollback=True)
    match settings:
        case RollingDeployment():
            # Said of the usual way too: the provider keeps another one that is left out.
            rolling = EcsServiceDeploymentConfiguration(strategy=settings.strategy)
            return arguments | rolling_arguments(settings) | {"deployment_configuration": rolling}
        case ShiftedDeployment():
            return arguments | {"deployment_configuration": _shift(settings, hooks)}
    raise TypeError(f"{type(settings).__name__} is no kind of deployment")


def _shift(settings: ShiftedDeployment, hooks: Sequence[Hook]) -> EcsServiceDeploymentConfiguration:
    canary = settings if isinstance(settings, CanaryDeployment) else None
    linear = settings if isinstance(settings, LinearDeployment) else None
    return EcsServiceDeploymentConfiguration(
        strategy=settings.strategy,
        lifecycle_hook=list(hooks) or None,
        bake_time_in_minutes=str(settings.bake_minutes),
        canary_configuration=EcsServiceDeploymentConfigurationCanaryConfiguration(
            canary_percent=canary.canary_percent, canary_bake_time_in_minutes=str(canary.canary_bake_minutes)
        )
        if canary
        else None,
        linear_configuration=EcsServiceDeploymentConfigurationLinearConfiguration(
            step_percent=linear.step_percent, step_bake_time_in_minutes=str(linear.step_bake_minutes)
        )
        if linear
        else None,
    )
