"""Schedules, pipes and rules, which start things."""

from tests.emitted.requests import Row

ROWS = {
    "aws_pipes_pipe": Row(
        requests=("pipes.CreatePipe",),
        schema="AWS::Pipes::Pipe",
        names={
            "source_parameters.filter_criteria.filter": "Filters",
            "target_parameters.ecs_task_parameters.network_configuration.aws_vpc_configuration": "awsvpcConfiguration|"
            "AwsvpcConfiguration",
            "target_parameters.ecs_task_parameters.overrides.container_override": "ContainerOverrides",
        },
    ),
    "aws_scheduler_schedule": Row(
        requests=("scheduler.CreateSchedule",),
        schema="AWS::Scheduler::Schedule",
        names={
            "target.ecs_parameters.network_configuration": "NetworkConfiguration.awsvpcConfiguration|"
            "NetworkConfiguration.AwsvpcConfiguration"
        },
    ),
    "aws_scheduler_schedule_group": Row(
        requests=("scheduler.CreateScheduleGroup",), schema="AWS::Scheduler::ScheduleGroup"
    ),
}
