"""The things that settings of jobs and tasks name, as objects, and the permissions that the settings ask for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from cdktf import TerraformResource
from constructs import Construct

from modules.batch.permissions import describe_statement, end_statement, grant_submit
from modules.containers.documents import AccessPoints, FileSystemPlace
from modules.containers.settings import ExistingFileSystemMount, FileSystemMount, MountSettings
from modules.defaults import not_handed_in
from modules.ecr.repository import Repository
from modules.efs.grantable_file_system import GrantableFileSystem, grant_existing
from modules.iam.access_settings import Access
from modules.iam.workload_role import WorkloadRole
from modules.marked_values import marked_values, markers_inside
from modules.markers import Grants, RefersTo
from modules.naming import AwsLocation
from modules.problems import Problem, SettingsError, unknown_name
from modules.s3.grantable_bucket import GrantableBucket
from modules.sqs.queue import Queue


class Submittable(Protocol):
    """What a workload that submits a job definition must know of it."""

    @property
    def name(self) -> str:
        """What the definition is called."""

    @property
    def job_queue_arns(self) -> Sequence[str]:
        """The queues that it may be submitted to."""


class Resources:
    """What the settings of a job or task may name, by short name, each map under its name in an environment.

    ``others`` are those of which ``Access`` says by itself what is granted. ``job_tags`` are the tags by which a
    workload tells the platform's jobs from those of others, if they have any; ``team_tag_keys`` those by which jobs are
    known to be a team's.
    """

    def __init__(
        self,
        *,
        queues: Mapping[str, Queue] | None = None,
        buckets: Mapping[str, GrantableBucket] | None = None,
        file_systems: Mapping[str, GrantableFileSystem] | None = None,
        repositories: Mapping[str, Repository] | None = None,
        job_definitions: Mapping[str, Submittable] | None = None,
        job_tags: Mapping[str, str] | None = None,
        team_tag_keys: Sequence[str] = (),
        **others: Mapping[str, Any],
    ) -> None:
        if unknown := others.keys() - {marker.kind for marker in markers_inside(Access, Grants)}:
            raise TypeError(f"{min(unknown)} is no map of things that access can name")
        self.queues, self.buckets, self.file_systems = queues or {}, buckets or {}, file_systems or {}
        self.repositories, self.job_definitions = repositories or {}, job_definitions or {}
        self.job_tags, self.team_tag_keys = job_tags or {}, team_tag_keys
        self._things = {
            **others,
            "queues": self.queues,
            "buckets": self.buckets,
            "job_definitions": self.job_definitions,
        }

    def access_points(self, mounts: Iterable[MountSettings]) -> dict[tuple[str, str], FileSystemPlace]:
        """Return where each mount of these file systems leads, by the names of file system and access point."""
        places = {}
        for mount in mounts:
            if isinstance(mount, FileSystemMount) and mount.file_system in self.file_systems:
                file_system = self.file_systems[mount.file_system]
                point = file_system.access_points[mount.access_point].access_point_id
                places[mount.file_system, mount.access_point] = FileSystemPlace(file_system.file_system_id, point)
        return places

    def connections(self, mounts: Iterable[MountSettings]) -> list[TerraformResource]:
        """Return what must be there before a workload that mounts these file systems starts."""
        names = {mount.file_system for mount in mounts if isinstance(mount, FileSystemMount)}
        return [item for name in sorted(names & set(self.file_systems)) for item in self.file_systems[name].connections]

    def require(
        self, user: Construct, access: Access, mounts: Mapping[str, MountSettings], placed: AccessPoints
    ) -> None:
        """Raise SettingsError if ``access`` or a mount, by its path, names what is neither here nor ``placed``."""
        here = {
            path: item
            for path, item in mounts.items()
            if isinstance(item, FileSystemMount) and (item.file_system, item.access_point) not in placed
        }
        if problems := [*self._access_problems(access), *self._mount_problems(here)]:
            raise SettingsError(user.node.path, problems)

    def grant(self, role: WorkloadRole, access: Access, mounts: Iterable[MountSettings], location: AwsLocation) -> None:
        """Give ``role`` every permission that ``access`` and ``mounts`` ask for."""
        for read in access.read:
            self.buckets[read.bucket].grant_read(role, read.start)
        for write in access.write:
            self.buckets[write.bucket].grant_write(role, write.start)
        for delete in access.delete:
            self.buckets[delete.bucket].grant_delete(role, delete.start)
        for _, name, marker in marked_values(access, Grants):
            getattr(self._things[marker.kind][name], marker.method)(role)
        for name in access.submit:
            job = self.job_definitions[name]
            queues, tags, keys = list(job.job_queue_arns), self.job_tags, self.team_tag_keys
            grant_submit(role, name, location, [job.name], queues, tags=tags, team_tag_keys=keys)
        if access.terminate_jobs:
            role.add_policy("end-jobs", [end_statement(location, self.job_tags)])
        if access.describe_jobs:
            role.add_policy("describe-jobs", [describe_statement()])
        for name, statement in sorted(access.statements.items()):
            role.add_policy(f"statement-{name}", [statement.statement(name)])
        for mount in mounts:
            if isinstance(mount, ExistingFileSystemMount):
                grant_existing(
                    role, mount.file_system_id, mount.access_point_id, read_only=mount.read_only, location=location
                )
            elif isinstance(mount, FileSystemMount) and mount.file_system in self.file_systems:
                file_system = self.file_systems[mount.file_system]
                (file_system.grant_read if mount.read_only else file_system.grant_write)(role, mount.access_point)

    def _access_problems(self, access: Access) -> Iterator[Problem]:
        for path, name, marker in marked_values(access, RefersTo, "access"):
            known = self._things.get(marker.kind, {})
            if name not in known:
                yield not_handed_in(path, name, marker.kind, known)
        if access.terminate_jobs and not self.job_tags:
            fix = 'pass them: resources=Resources(job_tags={"project": "mine"})'
            yield Problem("access.terminate_jobs", "be False where no tags identify the jobs", "True", fix=fix)

    def _mount_problems(self, mounts: Mapping[str, FileSystemMount]) -> Iterator[Problem]:
        for path, mount in mounts.items():
            if mount.file_system not in self.file_systems:
                yield not_handed_in(f"{path}.file_system", mount.file_system, "file_systems", self.file_systems)
            elif mount.access_point not in self.file_systems[mount.file_system].access_points:
                points = self.file_systems[mount.file_system].access_points
                kind = f"access points of {mount.file_system}"
                yield unknown_name(f"{path}.access_point", mount.access_point, points, kind)
