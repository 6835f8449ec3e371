"""A state machine that writes down what its executions do, and starts nothing before its role may."""

from typing import Any

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.sfn_state_machine import (
    SfnStateMachine,
    SfnStateMachineLoggingConfiguration,
    SfnStateMachineTracingConfiguration,
)
from constructs import Construct

from modules.iam.workload_role import WorkloadRole, start_after_permissions
from modules.states.permissions import record_statements


def define_state_machine(
    scope: Construct,
    *,
    name: str,
    definition: str,
    role: WorkloadRole,
    log_group: CloudwatchLogGroup,
    log_level: str = "ERROR",
    log_execution_data: bool = False,
    **arguments: Any,
) -> SfnStateMachine:
    """Return the state machine, the main child of ``scope``."""
    role.add_policy("record-executions", record_statements())
    machine = SfnStateMachine(
        scope,
        "Resource",
        name=name,
        type="STANDARD",
        role_arn=role.role_arn,
        definition=definition,
        logging_configuration=SfnStateMachineLoggingConfiguration(
            level=log_level, include_execution_data=log_execution_data, log_destination=f"{log_group.arn}:*"
        ),
        tracing_configuration=SfnStateMachineTracingConfiguration(enabled=True),
        **arguments,
    )
    start_after_permissions(machine, role)
    return machine
