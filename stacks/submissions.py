"""What can be submitted as it is: requests for programs, and a script for people. No constructs."""

import json
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

from modules.batch.settings.any_job_definitions import JobDefinitionSettings
from modules.batch.settings.job_queues import JobQueueSettings
from modules.batch.settings.submissions import JobSubmission
from modules.batch.settings.teams import TeamAccess
from modules.batch.submission import submit_all, submit_call, submit_command, submit_function, submit_job_request
from modules.shell import Choice, choice_script
from stacks.environment_settings import EnvironmentSettings

SCRIPT = "submission_script"


def can_submit(environment: EnvironmentSettings, team: TeamAccess, definition: str) -> bool:
    """Return whether a team may submit this definition: it is shared with the team, or carries its tag."""
    job = environment.job_definitions[definition]
    return definition in team.shared_job_definitions or (isinstance(job, JobDefinitionSettings) and team.owns(job.tags))


def can_submit_to(environment: EnvironmentSettings, team: TeamAccess, queue: str) -> bool:
    """Return whether a team may submit to this queue."""
    settings = environment.job_queues[queue]
    return queue in team.shared_job_queues or (isinstance(settings, JobQueueSettings) and team.owns(settings.tags))


class ReadySubmissions:
    """The submissions of an environment, and the plainest one of each definition.

    ``definition_arns`` have the newest revision: Batch looks at the tags of no other, and a team's own definitions are
    known by their tags.
    """

    def __init__(self, environment: EnvironmentSettings, definition_arns: Mapping[str, str]) -> None:
        self._environment, self._arns = environment, definition_arns

    def outputs(self) -> dict[str, dict[str, str]]:
        """Return the request of each submission, by short name."""
        names = sorted(self._environment.submissions)
        return {name: {"request": json.dumps(self._own_request(name), sort_keys=True)} for name in names}

    def output(self, definition: str) -> dict[str, Any]:
        """Return the plainest request for a definition, and the share identifiers of which it needs one."""
        request = self._request(definition, JobSubmission(job_definition=definition))
        shares = self._shares(self._environment.job_definitions[definition].job_queues[0])
        return {"submit_job_request": json.dumps(request, sort_keys=True)} | (
            {"share_identifiers": list(shares)} if shares else {}
        )

    def script(self) -> str:
        """Return the script that submits one of all this, or every submission, each after those it depends on."""
        names = self._in_order()
        functions = [submit_function(name, self._command(self._own_request(name))) for name in names]
        choices = [Choice("all", submit_all(names))] if names else []
        choices += [Choice(f"submission {name}", submit_call(name)) for name in sorted(names)]
        for definition in sorted(self._environment.job_definitions):
            choices += self._plain(definition)
        return choice_script(SCRIPT, choices, functions)

    def _plain(self, definition: str) -> Iterator[Choice]:
        job = self._environment.job_definitions[definition]
        yield self._choice(f"job {definition}", JobSubmission(job_definition=definition), job.job_queues[0])
        for name, team in sorted(self._environment.teams.items()):
            queues = [queue for queue in job.job_queues if can_submit_to(self._environment, team, queue)]
            if queues and can_submit(self._environment, team, definition):
                submission = JobSubmission(job_definition=definition, job_queue=queues[0], team=name)
                yield self._choice(f"job {definition} team {name}", submission, queues[0])

    def _choice(self, words: str, submission: JobSubmission, queue: str) -> Choice:
        request = self._request(submission.job_definition, submission)
        team = self._environment.teams[submission.team] if submission.team else None
        shares = () if "shareIdentifier" in request else self._shares(queue, team)
        return Choice(f"{words} share" if shares else words, self._command(request, share=bool(shares)), shares)

    def _shares(self, queue: str, team: TeamAccess | None = None) -> tuple[str, ...]:
        """Return what a share identifier on this queue may be; those that end in ``*`` stand for several."""
        settings = self._environment.job_queues[queue]
        if not settings.is_fair_share:
            return ()
        known = sorted(settings.weights(self._environment.scheduling_policies)[1]) or ["*"]
        if team is None or team.share_identifier is None:
            return tuple(known)
        return tuple(share for share in known if team.can_use_share(share.removesuffix("*"))) or (
            team.share_identifier,
        )

    def _own_request(self, name: str) -> dict[str, Any]:
        return self._request(name, self._environment.submissions[name])

    def _request(self, name: str, submission: JobSubmission) -> dict[str, Any]:
        request = submit_job_request(name, submission, self._environment.submission_context(submission))
        team = self._environment.teams[submission.team] if submission.team else None
        if team and submission.job_definition not in team.shared_job_definitions:
            request["jobDefinition"] = self._arns[submission.job_definition]
        return request

    def _command(self, request: Mapping[str, Any], *, share: bool = False) -> str:
        return submit_command(request, self._environment.region, share=share)

    def _in_order(self) -> list[str]:
        """Return the submissions, each after those it depends on, else by name."""
        edges = {
            name: [dependency.submission for dependency in item.depends_on]
            for name, item in sorted(self._environment.submissions.items())
        }
        return list(TopologicalSorter(edges).static_order())
