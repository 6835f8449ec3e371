"""Queries of Logs Insights over logged events, which CloudWatch keeps by name. No constructs.

Source: "CloudWatch Logs Insights language query syntax" in the CloudWatch Logs user guide; PutQueryDefinition.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_STATE = 'filter `detail-type` = "Batch Job State Change" and not ispresent(detail.arrayProperties.size)'
_ENDED = f'{_STATE} and detail.status in ["SUCCEEDED", "FAILED"]'


@dataclass(frozen=True)
class EventQuery:
    """A query, and the question that it answers."""

    question: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The query as Logs Insights takes it."""
        return "\n| ".join(self.lines)


def _query(question: str, *lines: str) -> EventQuery:
    return EventQuery(question, lines)


def event_queries(team_tag_keys: Iterable[str]) -> Mapping[str, EventQuery]:
    """Return the queries by name; ``team_tag_keys`` are the tags that say whose job it is."""
    teams = ", ".join(f"`detail.tags.{key}`" for key in team_tag_keys)
    return {
        "why-runnable": _query(
            "Why does a job not start? What Batch says of jobs that block their queue.",
            'filter `detail-type` = "Batch Job Queue Blocked"',
            "stats latest(@timestamp) as told, latest(detail.statusReason) as reason, count(*) as times"
            " by detail.jobQueue, detail.jobName, detail.jobId",
            "sort told desc",
        ),
        "waiting": _query(
            "Which jobs have been RUNNABLE the longest, and have not started yet? Of those that have got there within"
            " the time that is searched.",
            _STATE,
            "stats latest(detail.status) as state, latest(@timestamp) as since"
            " by detail.jobId, detail.jobName, detail.jobQueue",
            'filter state = "RUNNABLE"',
            "sort since asc",
        ),
        "slowest-jobs": _query(
            "Which jobs took longest, and how long had they waited? The last attempt of each.",
            _ENDED,
            "fields (detail.stoppedAt - detail.startedAt) / 1000 as run_seconds,"
            " (detail.startedAt - detail.createdAt) / 1000 as waited_seconds",
            "sort run_seconds desc",
            "display detail.jobName, detail.jobId, detail.status, run_seconds, waited_seconds, detail.jobQueue",
            "limit 100",
        ),
        "run-times": _query(
            "How long do jobs run and wait, at the median and at the worst, by definition?",
            _ENDED,
            "stats count(*) as jobs, pct((detail.stoppedAt - detail.startedAt) / 1000, 50) as run_median,"
            " pct((detail.stoppedAt - detail.startedAt) / 1000, 95) as run_p95,"
            " pct((detail.startedAt - detail.createdAt) / 1000, 95) as waited_p95 by detail.jobDefinition",
            "sort run_p95 desc",
        ),
        "failures": _query(
            "Why did jobs fail?",
            f'{_STATE} and detail.status = "FAILED"',
            "stats count(*) as jobs, latest(detail.container.logStreamName) as stream by detail.jobDefinition,"
            " detail.statusReason, detail.container.reason, detail.container.exitCode",
            "sort jobs desc",
        ),
        "stopped-tasks": _query(
            "Why did tasks stop?",
            'filter `detail-type` = "ECS Task State Change"',
            "stats count(*) as tasks by detail.group, detail.stopCode, detail.stoppedReason",
            "sort tasks desc",
        ),
        "cost-driver": _query(
            "Whose jobs cost most? vCPU hours of last attempts, by the tag of their team.",
            f"{_ENDED} and ispresent(detail.startedAt)",
            r'parse @message /"value":"(?<vcpus_first>[0-9.]+)","type":"VCPU"/',
            r'parse @message /"type":"VCPU","value":"(?<vcpus_last>[0-9.]+)"/',
            "fields coalesce(vcpus_first, vcpus_last) * (detail.stoppedAt - detail.startedAt) / 3600000 as vcpu_hours",
            f"stats sum(vcpu_hours) as hours, count(*) as jobs by {teams}, detail.jobDefinition",
            "sort hours desc",
        ),
    }
