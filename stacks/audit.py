"""The trail of an environment, and what asks its log."""

from constructs import Construct

from modules.athena.trail_table import TrailTable
from modules.cloudtrail.settings import AuditTrailSettings, NewTrail
from modules.cloudtrail.trail import Trail
from stacks.audited import audit_name, database_name, log_root, logged_selectors
from stacks.base import PlatformStack


def define_audit_trail(stack: PlatformStack, settings: AuditTrailSettings) -> dict[str, str]:
    """Define the trail, if it is the environment's own, and what asks its log; return what others may want to know."""
    environment, name = stack.environment, audit_name(stack.environment)
    scope = Construct(stack.map_scope("operations"), "audit_trail")
    if isinstance(settings, NewTrail):
        Trail(
            scope,
            "trail",
            name=name,
            settings=settings,
            location=environment.location,
            selectors=logged_selectors(environment, settings),
            prevent_destroy=environment.production,
        )
    TrailTable(
        scope,
        "queries",
        name=name,
        database_name=database_name(environment),
        root=log_root(environment, settings),
        days=settings.retention_days,
        prefix=environment.physical_name(""),
        location=environment.location,
    )
    return {"audit_log": f"{log_root(environment, settings)}/", "audit_workgroup": name}
