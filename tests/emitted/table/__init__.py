"""How every type of resource that is emitted is created: the requests, and where names differ by more than spelling."""

from tests.emitted.table import audit, capacity, data, ecs, network, rights, triggers, work

ROWS = audit.ROWS | capacity.ROWS | data.ROWS | ecs.ROWS | network.ROWS | rights.ROWS | triggers.ROWS | work.ROWS
