"""The rules that span several settings of one environment, a file a topic.

A rule is a function from the Environment to problems. It may read any setting: one that is itself bad ends the rule
quietly, since that setting's own problem is reported in its own place. So does looking up a name that refers to
nothing, which ``stacks.references`` reports.
"""

from collections.abc import Callable, Iterable
from typing import Any

from modules.problems import Problem
from stacks.rules import (
    clusters,
    compute,
    jobs,
    location,
    names,
    network,
    production,
    queues,
    service_capacity,
    service_names,
    service_protection,
    services,
    storage,
    submissions,
    tags,
    teams,
)

Rule = Callable[[Any], Iterable[Problem]]  # of an Environment, which cannot be imported here: it imports this

RULES: tuple[Rule, ...] = (
    names.check_physical_names,
    tags.check_tag_keys,
    tags.check_tag_counts,
    location.check_account_id,
    location.check_deployment_role,
    location.check_arn_locations,
    network.check_availability_zones,
    network.check_endpoints_without_nat,
    network.check_image_registries,
    queues.check_queue_policies,
    queues.check_existing_queues,
    queues.check_queue_senders,
    storage.check_access_log_buckets,
    storage.check_file_system_network,
    compute.check_compute_network,
    compute.check_subnet_index,
    compute.check_multi_node_subnets,
    compute.check_eks_clusters,
    compute.check_job_queue_environment_types,
    jobs.check_job_definitions,
    submissions.check_submissions,
    teams.check_teams,
    clusters.check_namespaces,
    service_names.check_service_names,
    services.check_services,
    service_capacity.check_task_capacity,
    production.check_production,
    service_protection.check_service_protection,
)
