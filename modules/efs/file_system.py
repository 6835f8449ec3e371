"""An EFS file system with all that belongs to it: mount targets, security group, access points, policies, key."""

from collections.abc import Mapping, Sequence

from cdktf import TerraformResourceLifecycle, Token
from cdktf_cdktf_provider_aws.efs_access_point import (
    EfsAccessPoint,
    EfsAccessPointPosixUser,
    EfsAccessPointRootDirectory,
    EfsAccessPointRootDirectoryCreationInfo,
)
from cdktf_cdktf_provider_aws.efs_backup_policy import EfsBackupPolicy, EfsBackupPolicyBackupPolicy
from cdktf_cdktf_provider_aws.efs_file_system import EfsFileSystem, EfsFileSystemLifecyclePolicy
from cdktf_cdktf_provider_aws.efs_file_system_policy import EfsFileSystemPolicy
from cdktf_cdktf_provider_aws.efs_mount_target import EfsMountTarget
from constructs import Construct

from modules.defaults import default_location, default_name
from modules.efs.grantable_file_system import MOUNT, ROOT, WRITE, AccessPoint, GrantableFileSystem
from modules.efs.settings import AccessPointSettings, FileSystemSettings, ProvisionedThroughput
from modules.iam.policy import deny, deny_without_tls, policy_document
from modules.kms.encryption_key import define_key
from modules.names import require_name
from modules.naming import AwsLocation
from modules.vpc.network import Network
from modules.vpc.security_group import GroupRule, empty_security_group, rule_between_groups
from modules.vpc.traffic_settings import PortRange

NFS = PortRange(from_port=2_049)


class FileSystem(GrantableFileSystem):
    """Define an EFS file system that only granted roles can mount: with TLS, IAM authorization and an access point.

    There is a mount target in one subnet of each zone: EFS takes no more. ``subnet_names`` has a name for each of them,
    in the order of ``network``: the zone, or else the id, which exists. The target's address follows from it.
    ``file_system_id``, ``file_system_arn`` and ``security_group_id`` are tokens.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: FileSystemSettings,
        network: Network,
        subnet_names: Sequence[str] = (),
        name: str | None = None,
        location: AwsLocation | None = None,
        prevent_destroy: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        name, location = default_name(scope, id_, name), default_location(scope, location)
        require_name("file system", settings.creation_token(name))
        self._name = name
        self._tags = settings.tags
        self.file_system = self._file_system(settings, location, prevent_destroy)
        self.file_system_id, self.file_system_arn = self.file_system.id, self.file_system.arn
        self.security_group_id, rules = self._security_group(network)
        policy = self._protect(settings)
        self.connections = [*rules, *self._mount_targets(network, subnet_names or network.zonal_subnet_ids, policy)]
        access_points = Construct(self, "access_points")
        self.access_points = {
            short_name: self._access_point(access_points, short_name, access_point)
            for short_name, access_point in sorted(settings.access_points.items())
        }

    @staticmethod
    def from_file_system_attributes(
        scope: Construct,
        id_: str,
        *,
        file_system_id: str,
        file_system_arn: str,
        access_points: Mapping[str, AccessPoint],
    ) -> GrantableFileSystem:
        """Return a file system that is made elsewhere; its attributes may be tokens."""
        file_system = GrantableFileSystem(scope, id_)
        file_system.file_system_id, file_system.file_system_arn = file_system_id, file_system_arn
        file_system.access_points = access_points
        return file_system

    def _file_system(self, settings: FileSystemSettings, location: AwsLocation, prevent_destroy: bool) -> EfsFileSystem:
        # The alias of a queue of the same short name is the name alone.
        key = define_key(
            self,
            settings.kms_key,
            name=f"efs/{self._name}",
            location=location,
            prevent_destroy=prevent_destroy,
            outlived=False,  # with another key it is another file system
        )
        throughput = settings.throughput
        return EfsFileSystem(
            self,
            "Resource",
            creation_token=settings.creation_token(self._name),
            encrypted=True,
            kms_key_id=key.key_arn if key else None,
            throughput_mode=throughput.mode,
            provisioned_throughput_in_mibps=throughput.throughput_mibps
            if isinstance(throughput, ProvisionedThroughput)
            else None,
            lifecycle_policy=_lifecycle_policies(settings) or None,
            tags={"Name": self._name} | self._tags,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if prevent_destroy else None,
        )

    def _security_group(self, network: Network) -> tuple[str, list[GroupRule]]:
        """Return the group of the mount targets, and the rules on both sides of it."""
        scope = Construct(self, "security-group")
        group = empty_security_group(
            scope,
            name=f"{self._name}-efs",
            vpc_id=network.vpc_id(),
            description="File system, reached by workloads only",
        )
        ingress = [
            rule_between_groups(
                scope,
                f"ingress-{position if Token.is_unresolved(workloads) else workloads}",
                "ingress",
                group_id=group.id,
                other_group_id=workloads,
                ports=NFS,
                description="NFS from workloads",
            )
            for position, workloads in enumerate(network.security_group_ids)
        ]
        egress = [
            rule_between_groups(
                scope,
                f"egress-{position}",
                "egress",
                group_id=workloads,
                other_group_id=group.id,
                ports=NFS,
                description=f"NFS to {self._name}",
            )
            for position, workloads in enumerate(network.own_group_ids)
        ]
        return str(group.id), [*ingress, *egress]

    def _mount_targets(
        self, network: Network, subnet_names: Sequence[str], policy: EfsFileSystemPolicy
    ) -> list[EfsMountTarget]:
        return [
            EfsMountTarget(
                self,
                f"mount-target-{subnet_name}",
                file_system_id=self.file_system_id,
                subnet_id=subnet_id,
                security_groups=[self.security_group_id],
                # Without a policy anybody who reaches the mount target may do anything.
                depends_on=[policy],
            )
            for subnet_name, subnet_id in zip(subnet_names, network.zonal_subnet_ids, strict=True)
        ]

    def _protect(self, settings: FileSystemSettings) -> EfsFileSystemPolicy:
        # A policy that allows nothing ends what EFS has without one: access for anybody who reaches the mount target.
        statements = [
            deny_without_tls(["elasticfilesystem:*"], self.file_system_arn),
            deny(
                "DenyBesideMountTarget",
                [MOUNT, WRITE, ROOT],
                self.file_system_arn,
                {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "false"}},
            ),
        ]
        document = policy_document(statements)
        policy = EfsFileSystemPolicy(self, "policy", file_system_id=self.file_system_id, policy=document)
        if settings.backup:
            EfsBackupPolicy(
                self,
                "backup-policy",
                file_system_id=self.file_system_id,
                backup_policy=EfsBackupPolicyBackupPolicy(status="ENABLED"),
            )
        return policy

    def _access_point(self, scope: Construct, short_name: str, settings: AccessPointSettings) -> AccessPoint:
        access_point = EfsAccessPoint(
            scope,
            short_name,
            file_system_id=self.file_system_id,
            posix_user=EfsAccessPointPosixUser(
                uid=settings.uid, gid=settings.gid, secondary_gids=list(settings.secondary_gids) or None
            ),
            root_directory=EfsAccessPointRootDirectory(
                path=settings.path,
                creation_info=EfsAccessPointRootDirectoryCreationInfo(
                    owner_uid=settings.uid, owner_gid=settings.gid, permissions=settings.permissions
                ),
            ),
            tags={"Name": f"{self._name}-{short_name}"} | self._tags,
        )
        return AccessPoint(access_point.id, access_point.arn)


def _lifecycle_policies(settings: FileSystemSettings) -> list[EfsFileSystemLifecyclePolicy]:
    """Return one policy for each move: EFS takes no two in one."""
    moves = {
        "transition_to_ia": _after(settings.infrequent_access_after_days),
        "transition_to_archive": _after(settings.archive_after_days),
        "transition_to_primary_storage_class": "AFTER_1_ACCESS" if settings.back_on_first_access else None,
    }
    return [EfsFileSystemLifecyclePolicy(**{move: when}) for move, when in moves.items() if when]


def _after(days: int | None) -> str | None:
    return None if days is None else f"AFTER_{days}_DAY" if days == 1 else f"AFTER_{days}_DAYS"
