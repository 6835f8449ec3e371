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
    names.physical_names_fit,
    tags.tags_are_distinct,
    tags.tags_are_few_enough,
    location.account_is_filled_in,
    location.deployment_role_is_of_the_account,
    location.arns_are_in_reach,
    network.zones_are_in_the_region,
    network.endpoints_replace_nat,
    network.images_are_in_reach,
    queues.queue_policies_fit,
    queues.existing_queues_are_of_others,
    storage.notified_queues_can_receive,
    storage.access_logs_arrive,
    storage.file_systems_have_a_network,
    compute.compute_has_a_network,
    compute.subnets_are_there,
    compute.nodes_reach_what_they_need,
    compute.eks_clusters_have_room,
    compute.queues_have_one_kind_of_environment,
    jobs.jobs_are_well,
    submissions.submissions_are_well,
    teams.teams_are_well,
    clusters.namespaces_are_distinct,
    service_names.service_names_fit,
    services.services_are_well,
    service_capacity.tasks_fit_their_capacity,
    production.production_is_protected,
    service_protection.services_are_protected,
)
