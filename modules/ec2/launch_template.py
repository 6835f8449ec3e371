"""A launch template: ``aws_launch_template``, the same for every service that starts instances.

Batch takes image, instance profile and cluster from its own environment; an Auto Scaling group needs them here, in
``host``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cdktf import Fn, Token
from cdktf_cdktf_provider_aws.launch_template import (
    LaunchTemplate as AwsLaunchTemplate,
)
from cdktf_cdktf_provider_aws.launch_template import (
    LaunchTemplateBlockDeviceMappings,
    LaunchTemplateBlockDeviceMappingsEbs,
    LaunchTemplateCapacityReservationSpecification,
    LaunchTemplateCapacityReservationSpecificationCapacityReservationTarget,
    LaunchTemplateIamInstanceProfile,
    LaunchTemplateInstanceMarketOptions,
    LaunchTemplateMetadataOptions,
    LaunchTemplateMonitoring,
    LaunchTemplateNetworkInterfaces,
    LaunchTemplateTagSpecifications,
)
from constructs import Construct

from modules.ec2.settings import (
    GP3_BASELINE_IOPS,
    GP3_BASELINE_MIB_PER_SECOND,
    AnyLaunchTemplate,
    CapacityBlock,
    CapacityReservation,
    CapacityReservationGroup,
    ExistingLaunchTemplate,
    LaunchTemplateSettings,
    ReservedCapacity,
)
from modules.ec2.user_data import INSTANCE_STORE_SCRIPT, ecs_agent_script, encoded, mime_multipart


@dataclass(frozen=True)
class ContainerHost:
    """What an instance needs that no Batch starts: image, permissions and the ECS agent's configuration.

    ``agent_config``: see "Amazon ECS container agent configuration" in the ECS guide, e.g. ``{"ECS_CLUSTER": name}``.
    Every value may be a token. ``instance_type`` None: the service that starts instances chooses among several.
    """

    image_id: str
    instance_profile_arn: str
    agent_config: Mapping[str, str]
    instance_type: str | None = None


class LaunchTemplate(Construct):
    """Define a launch template. ``launch_template_id`` and ``latest_version`` are tokens.

    Refer to it by ``latest_version``: whatever changes here then reaches the instances; with ``$Latest`` nothing would.

    ``metadata_hops`` is how far a token for the metadata travels, and with it the instance's role. One reaches the host
    and what shares its network: the ECS agent, Docker, Batch's jobs. A container behind Docker's bridge is a second hop
    away and gets none. ``agent_config`` is added to that of the ECS agent where there is no ``host``.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: LaunchTemplateSettings,
        security_group_ids: Sequence[str] = (),
        efa_interfaces: int = 0,
        reserved_capacity: ReservedCapacity | None = None,
        host: ContainerHost | None = None,
        metadata_hops: int = 1,
        agent_config: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        groups = list(security_group_ids) or None
        template = AwsLaunchTemplate(
            self,
            "Resource",
            name=name,
            block_device_mappings=[_root_volume(settings)],
            # Requests to the metadata need a token, which stops those that a workload is tricked into.
            metadata_options=LaunchTemplateMetadataOptions(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=metadata_hops
            ),
            monitoring=LaunchTemplateMonitoring(enabled=settings.detailed_monitoring),
            network_interfaces=list(_efa_interfaces(efa_interfaces, groups)) or None,
            # EC2 refuses groups here as soon as there are interfaces.
            vpc_security_group_ids=None if efa_interfaces else groups,
            capacity_reservation_specification=_reservation(reserved_capacity),
            instance_market_options=LaunchTemplateInstanceMarketOptions(market_type="capacity-block")
            if isinstance(reserved_capacity, CapacityBlock)
            else None,
            image_id=host.image_id if host else None,
            instance_type=host.instance_type if host else None,
            iam_instance_profile=LaunchTemplateIamInstanceProfile(arn=host.instance_profile_arn) if host else None,
            user_data=_user_data(settings, host.agent_config if host else agent_config or {}),
            tag_specifications=_tag_specifications({"Name": name, **(tags or {}), **settings.tags}),
        )
        self.launch_template_id: str = template.id
        self.latest_version: str = Token.as_string(template.latest_version)


class TemplateVersion(NamedTuple):
    """What instances start from; both may be tokens."""

    launch_template_id: str
    version: str


def define_launch_template(scope: Construct, id_: str, *, settings: AnyLaunchTemplate, **given: Any) -> TemplateVersion:
    """Return the version of a template that is made as ``LaunchTemplate`` is told, or of that of somebody else."""
    match settings:
        case LaunchTemplateSettings():
            made = LaunchTemplate(scope, id_, settings=settings, **given)
            return TemplateVersion(made.launch_template_id, made.latest_version)
        case ExistingLaunchTemplate():
            return TemplateVersion(settings.launch_template_id, settings.version)
    raise TypeError(f"{type(settings).__name__} is no kind of launch template")


def _root_volume(settings: LaunchTemplateSettings) -> LaunchTemplateBlockDeviceMappings:
    return LaunchTemplateBlockDeviceMappings(
        device_name=settings.root_device,
        ebs=LaunchTemplateBlockDeviceMappingsEbs(
            volume_type="gp3",
            volume_size=settings.root_volume_gib,
            # Written down in any case: the provider keeps what is left out.
            iops=settings.root_volume_iops or GP3_BASELINE_IOPS,
            throughput=settings.root_volume_throughput_mib_per_second or GP3_BASELINE_MIB_PER_SECOND,
            encrypted="true",
            kms_key_id=settings.root_volume_kms_key_arn,
            delete_on_termination="true",
        ),
    )


def _efa_interfaces(count: int, groups: list[str] | None) -> Iterator[LaunchTemplateNetworkInterfaces]:
    """Yield what EC2 recommends: one interface for IP and EFA, or one for IP and ``count`` for EFA alone."""

    def interface(card: int, device: int, kind: str | None) -> LaunchTemplateNetworkInterfaces:
        return LaunchTemplateNetworkInterfaces(
            network_card_index=card,
            device_index=device,
            interface_type=kind,
            security_groups=groups,
            delete_on_termination="true",
        )

    if count == 1:
        yield interface(0, 0, "efa")
    elif count > 1:
        yield interface(0, 0, None)
        yield interface(0, 1, "efa-only")
        for card in range(1, count):
            yield interface(card, 0, "efa-only")


def _reservation(capacity: ReservedCapacity | None) -> LaunchTemplateCapacityReservationSpecification | None:
    target = LaunchTemplateCapacityReservationSpecificationCapacityReservationTarget
    match capacity:
        case CapacityReservation() | CapacityBlock():
            found = target(capacity_reservation_id=capacity.reservation_id)
        case CapacityReservationGroup():
            found = target(capacity_reservation_resource_group_arn=capacity.resource_group_arn)
        case _:
            return None
    return LaunchTemplateCapacityReservationSpecification(capacity_reservation_target=found)


def _user_data(settings: LaunchTemplateSettings, agent_config: Mapping[str, str]) -> str | None:
    scripts = [
        *([INSTANCE_STORE_SCRIPT] if settings.instance_store_raid else []),
        *([settings.user_data] if settings.user_data else []),
    ]
    if not agent_config:
        return encoded(mime_multipart(scripts)) if scripts else None
    # What is only known when Terraform runs has a stand-in inside the base64, which Terraform replaces: the scripts are
    # never parsed as Terraform templates, where "${" means something else.
    late = {name: f"@{name}@" for name, value in sorted(agent_config.items()) if Token.is_unresolved(value)}
    text = encoded(mime_multipart([ecs_agent_script({**agent_config, **late}), *scripts]))
    if not late:
        return text
    filled = Fn.base64decode(text)
    for name, stand_in in late.items():
        filled = Fn.replace(filled, stand_in, agent_config[name])
    return Fn.base64encode(filled)


def _tag_specifications(tags: Mapping[str, str]) -> list[LaunchTemplateTagSpecifications]:
    # The provider's default tags reach the template, not what is started from it.
    return [
        LaunchTemplateTagSpecifications(resource_type=kind, tags=dict(sorted(tags.items())))
        for kind in ("instance", "volume")
    ]
