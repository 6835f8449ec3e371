"""How every type of resource that is emitted is created: the requests, and where names differ by more than spelling."""

from tests.emitted.table import audit, capacity, data, ecs, network, permissions, triggers, work

ROWS = audit.ROWS | capacity.ROWS | data.ROWS | ecs.ROWS | network.ROWS | permissions.ROWS | triggers.ROWS | work.ROWS
