"""Schedules, pipes and rules, which start things."""

from tests.emitted.requests import Row

ROWS = {
    "aws_cloudwatch_event_archive": Row(
        requests=("events.CreateArchive",),
        schema="AWS::Events::Archive",
        names={"name": "ArchiveName", "event_source_arn": "EventSourceArn|SourceArn"},
    ),
    "aws_cloudwatch_event_bus": Row(requests=("events.CreateEventBus",)),
    "aws_cloudwatch_event_rule": Row(requests=("events.PutRule",), schema="AWS::Events::Rule"),
    "aws_cloudwatch_event_target": Row(
        requests=("events.PutTargets",),
        inside=("Targets",),
        names={
            "target_id": "Targets.Id",
            "rule": "Rule",
            "batch_target": "Targets.BatchParameters",
            "batch_target.array_size": "ArrayProperties.Size",
            "batch_target.job_attempts": "RetryStrategy.Attempts",
            "ecs_target": "Targets.EcsParameters",
            "ecs_target.network_configuration": "NetworkConfiguration.awsvpcConfiguration",
            "input_transformer.input_paths": "InputPathsMap",
            "sqs_target": "Targets.SqsParameters",
        },
    ),
    "aws_lambda_permission": Row(requests=("lambda.AddPermission",), schema="AWS::Lambda::Permission"),
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
