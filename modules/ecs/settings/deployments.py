"""How a service gets from one revision to the next.

Source: DeploymentConfiguration in the ECS API reference.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from modules.checks import only_with
from modules.iam.role_settings import RoleArn
from modules.markers import RefersTo
from modules.naming import ShortName
from modules.problems import Problem, format_value
from modules.settings import Distinct, Settings
from modules.targets.settings import json_problems

AlarmName = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class DeploymentSettings(Settings, abstract=True):
    """What every deployment has."""

    # ECS's own word for it.
    strategy: ClassVar[str]

    rollback_alarms: Distinct[AlarmName] = Field(default=(), max_length=10)
    """CloudWatch alarms, by name, that end a deployment and bring the old revision back [at most 10 items; each 1 to
    255 characters; default empty]"""

    @property
    def shift_minutes(self) -> int:
        """How long traffic takes from the old tasks to the new ones, and is then watched; 0 where it goes with them."""
        return 0


class RollingDeployment(DeploymentSettings):
    """Old tasks go as new ones come; one that cannot start is rolled back."""

    strategy = "ROLLING"

    min_healthy_percent: int = Field(default=100, ge=0, le=100)
    """of the tasks wanted, at any time [from 0 to 100; default 100]"""
    max_percent: int = Field(default=200, ge=100, le=200)
    """of the tasks wanted, old and new together [from 100 to 200; default 200]"""

    def check_rolling_deployment(self) -> Iterator[Problem]:
        """Check that there is room to replace a task."""
        if self.min_healthy_percent == 100 and self.max_percent == 100:
            yield self.problem(
                "max_percent", "exceed min_healthy_percent (100)", "otherwise ECS can neither stop nor start a task"
            )


class LifecycleHook(Settings):
    """A function that ECS calls at stages of a deployment, and whose answer says whether this goes on.

    It may answer that it is not yet done, and is asked again: its time is not among that which an apply waits.
    """

    function: Annotated[ShortName, RefersTo("functions")]
    """what ECS calls [one of the environment's functions; required]"""
    stages: Distinct[
        Literal[
            "RECONCILE_SERVICE",
            "PRE_SCALE_UP",
            "POST_SCALE_UP",
            "TEST_TRAFFIC_SHIFT",
            "POST_TEST_TRAFFIC_SHIFT",
            "PRODUCTION_TRAFFIC_SHIFT",
            "POST_PRODUCTION_TRAFFIC_SHIFT",
        ]
    ] = Field(min_length=1)
    """when [at least 1 item; each one of 'RECONCILE_SERVICE', 'PRE_SCALE_UP', 'POST_SCALE_UP', 'TEST_TRAFFIC_SHIFT',
    'POST_TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'; required]"""
    details: str | None = Field(default=None, min_length=1)
    """additional JSON for the function [at least 1 character; default None]"""

    def check_details(self) -> Iterator[Problem]:
        """Check that they are JSON."""
        if self.details is not None:
            yield from json_problems("details", self.details)


class ShiftedDeployment(DeploymentSettings, abstract=True):
    """A full set of new tasks comes up beside the old one, then traffic is moved. Needs a load balancer."""

    lifecycle_hooks: dict[ShortName, LifecycleHook] = Field(default_factory=dict)
    """functions that look at a deployment and may stop it [default empty]"""
    hook_role_arn: RoleArn | None = None
    """None: one is made for ECS to call them with; else one that exists, to which nothing is granted: the output
    role_policies says what it needs [at most 2,048 characters; default None]"""

    bake_minutes: int = Field(default=10, ge=0, le=1_440)
    """how long old tasks stay after all traffic went to the new ones [from 0 to 1,440; default 10]"""

    check_hook_role: ClassVar = only_with("hook_role_arn", "lifecycle_hooks")

    @property
    def shift_minutes(self) -> int:
        """As for all deployments."""
        return self.bake_minutes


class BlueGreenDeployment(ShiftedDeployment):
    """All traffic moves at once."""

    strategy = "BLUE_GREEN"


class CanaryDeployment(ShiftedDeployment):
    """A little traffic moves first; the rest follows when that went well."""

    strategy = "CANARY"

    canary_percent: float = Field(default=5, ge=0.1, le=100)
    """of the traffic, in steps of 0.1 [from 0.1 to 100; default 5]"""
    canary_bake_minutes: int = Field(default=10, ge=0, le=1_440)
    """how long the little is watched [from 0 to 1,440; default 10]"""

    @property
    def shift_minutes(self) -> int:
        """As for all deployments."""
        return self.canary_bake_minutes + super().shift_minutes

    def check_canary_deployment(self) -> Iterator[Problem]:
        """Check the step."""
        yield from _step_problems("canary_percent", self.canary_percent)


class LinearDeployment(ShiftedDeployment):
    """Traffic moves in equal steps."""

    strategy = "LINEAR"

    step_percent: float = Field(default=10, ge=3, le=100)
    """of the traffic, in steps of 0.1 [from 3 to 100; default 10]"""
    step_bake_minutes: int = Field(default=6, ge=0, le=1_440)
    """how long each step is watched [from 0 to 1,440; default 6]"""

    @property
    def shift_minutes(self) -> int:
        """As for all deployments."""
        return math.ceil(round(100 / self.step_percent, 6)) * self.step_bake_minutes + super().shift_minutes

    def check_linear_deployment(self) -> Iterator[Problem]:
        """Check the step."""
        yield from _step_problems("step_percent", self.step_percent)


def _step_problems(name: str, percent: float) -> Iterable[Problem]:
    if round(percent, 1) != percent:
        yield Problem(
            name, "be a multiple of 0.1", format_value(percent), "otherwise ECS refuses the deployment configuration"
        )
