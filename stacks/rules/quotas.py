"""Quotas: what the environment can use fits into what the account has, where that is said."""

from collections.abc import Iterator

from modules.problems import Problem, format_value
from stacks.environment_settings import EnvironmentSettings
from stacks.quotas import needs


def check_service_quotas(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check each quota whose number is given."""
    if not environment.service_quotas:
        return
    for need in needs(environment):
        if need.is_given and not need.fits:
            facts = need.facts
            yield Problem(
                f"service_quotas.{need.quota}",
                f"be at least {need.used:,}, what {need.where} can use",
                format_value(need.most),
                "what does not fit never starts: jobs stay RUNNABLE, tasks PENDING",
                f"ask AWS for more ({facts.service} {facts.code}), or let less run at once",
            )
