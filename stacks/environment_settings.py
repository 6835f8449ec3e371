"""One environment's whole platform, as values, and what follows from them alone."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from modules import arns
from modules.backlogs.settings import BacklogSettings
from modules.batch.permissions import settable_tags
from modules.batch.settings.any_compute_environments import AnyComputeEnvironmentSettings
from modules.batch.settings.any_job_definitions import AnyJobDefinitionSettings
from modules.batch.settings.existing_job_definitions import ExistingJobDefinition
from modules.batch.settings.existing_job_queues import ExistingJobQueue
from modules.batch.settings.job_queues import AnyJobQueueSettings, FairSharePolicySettings
from modules.batch.settings.submissions import JobSubmission, RequestedJob
from modules.batch.settings.teams import TeamAccess
from modules.batch.submission import SubmissionContext
from modules.ecr.image import PullThroughPrefix
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.clusters import AnyClusterSettings
from modules.ecs.settings.existing_clusters import ExistingCluster
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.services import ServiceSettings
from modules.efs.settings import FileSystemSettings
from modules.events.bus_settings import EventBusSettings, ExistingEventBus
from modules.events.settings import RuleSettings
from modules.events.sources import EventContext
from modules.iam.access_settings import PolicyArn
from modules.iam.role_settings import IamPath
from modules.kms.settings import KmsKeyArn
from modules.lambda_functions.settings import ExistingFunction
from modules.markers import ArnOf, Replaces, given_in_production
from modules.named_settings import NamedSettings
from modules.naming import AwsLocation, ShortName, TagKey, Tags
from modules.operations.settings import Operations
from modules.pipes.settings import PipeSettings
from modules.regions import Region
from modules.s3.settings import AnyBucketSettings, ExistingBucket, bucket_name
from modules.scheduler.settings import ScheduleGroup, ScheduleSettings
from modules.service_quotas.quotas import QuotaName
from modules.settings import Distinct, FrozenDict, Settings
from modules.sns.settings import ExistingTopic, TopicSettings
from modules.sqs.settings import QueueSettings
from modules.states.settings.pipelines import PipelineSettings
from modules.vpc.network_settings import NetworkSettings
from stacks.layout import LayeredStacks, LayoutSettings
from stacks.state import StateSettings

WaivedPath = Annotated[str, Field(min_length=1, max_length=500)]
WaiverReason = Annotated[
    str,
    StringConstraints(pattern=r"^\S[^\r\n]*$"),
    Field(min_length=10, max_length=500, description="one line that says why, and who knows of it"),
]
# Of tags that policies compare, in which IAM takes fewer letters than a tag may have.
OwnTagKey = Annotated[
    TagKey,
    StringConstraints(pattern=r"^[0-9A-Za-z_.:/=+@-]+$"),
    Field(description="letters, digits and _ . : / = + @ -"),
]


# A map of the environment, a name in it, and what there is below that.
SettingPath = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z_]+\.[a-z0-9][A-Za-z0-9_.-]*$"),
    Field(max_length=500, description="a map and a name in it, e.g. queues.documents"),
]


class EnvironmentSettings(Settings, abstract=True):
    """Everything one environment consists of: maps from a short name to settings, referring to each other by name.

    Adding an entry changes no other entry's resources; renaming one replaces its resources.
    """

    name: Annotated[ShortName, Replaces("whole platform", "all data in it")] = Field(max_length=16)
    """leads the names of its stacks, e.g. prod [at most 16 characters; required; a change replaces the whole platform,
    losing all data in it]"""
    project: Annotated[ShortName, Replaces("whole platform", "all data in it")] = Field(
        default="terrabatch", max_length=24
    )
    """leads every physical name: <project>-<environment>-<part> [at most 24 characters; default 'terrabatch'; a change
    replaces the whole platform, losing all data in it]"""
    account_id: Annotated[str, Replaces("whole platform", "all data in it")] = Field(pattern=r"^[0-9]{12}$")
    """the only AWS account this environment may be deployed to, e.g. "111122223333" (in quotes) [required; a change
    replaces the whole platform, losing all data in it]"""
    region: Annotated[Region, Replaces("whole platform", "all data in it")]
    """e.g. us-east-1 [required; a change replaces the whole platform, losing all data in it]"""
    production: bool
    """True: settings that weaken protection are refused [required]"""
    production_waivers: dict[WaivedPath, WaiverReason] = Field(default_factory=dict)
    """refusals of production that do not hold here, each by the path that its message begins with and with the reason,
    e.g. {"job_definitions.embed.read_only_root_filesystem": "vendor image writes to /opt, ticket ML-12"}; all of them
    stand in the README beside the stacks [each name 1 to 500 characters; each value 10 to 500 characters; default
    empty]"""
    state: StateSettings
    """where Terraform keeps what it made [required]"""
    moved: dict[SettingPath, SettingPath] = Field(default_factory=dict)
    """entries that were renamed, each by the path it had: {"queues.documents": "queues.papers"} keeps what was made of
    it, under the new name, as long as physical_name says what it was called; out again once it is applied [each name at
    most 500 characters; each value at most 500 characters; default empty]"""
    imported: dict[SettingPath, Annotated[str, Field(min_length=1, max_length=512)]] = Field(default_factory=dict)
    """what exists already and Terraform takes over, each by its path, with its name, or the id that AWS gave it:
    {"buckets.data": "acme-data", "file_systems.weights": "fs-0123456789abcdef0"}; out again once it is applied [each
    name at most 500 characters; each value 1 to 512 characters; default empty]"""
    layout: LayoutSettings = LayeredStacks()
    """which stacks there are; a change moves resources to another state, which Terraform takes for other resources
    [default a LayeredStacks]"""
    deployment_role_arn: Annotated[
        str | None, ArnOf("role", account_reason="Terraform refuses to deploy to any other account")
    ] = Field(default=None, pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[0-9A-Za-z_+=,.@/-]+$")
    """assumed by the AWS provider, e.g. arn:aws:iam::111122223333:role/deploy [default None]"""
    project_tag_key: OwnTagKey = "project"
    """the key of the tag that says the project, on everything, e.g. Project [1 to 128 characters; default 'project']"""
    environment_tag_key: OwnTagKey = "environment"
    """the key of the tag that says the environment, on everything, e.g. Environment [1 to 128 characters; default
    'environment']"""
    permissions_boundary_arn: Annotated[
        PolicyArn | None, ArnOf("policy", account_reason="IAM takes a policy of AWS or of the role's own account")
    ] = None
    """a policy that limits every role made here, where an account lets nobody make roles without [default None]"""
    log_kms_key_arn: Annotated[
        KmsKeyArn | None, ArnOf("key", "CloudWatch Logs encrypts with keys of its own region")
    ] = None
    """None: CloudWatch's own key; else the one that encrypts all log groups without a key of their own; its policy has
    to let logs.<region>.amazonaws.com use it for them [default None]"""
    iam_path: Annotated[IamPath | None, Replaces("roles")] = None
    """of every role, policy and instance profile made here, e.g. /teams/ml/, where an account allows no others; None: /
    [at most 512 characters; default None; a change replaces the roles]"""
    tags: Tags = Field(default_factory=dict)
    """on everything, besides project and environment [at most 46 entries; each name 1 to 128 characters; each value at
    most 256 characters; default empty]"""
    service_quotas: dict[QuotaName, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    """what the account has in this region, as Service Quotas shows it, for this environment alone: what can run at most
    has to fit in; of others, check says what is more than AWS's default [each name one of 'standard_on_demand_vcpus',
    'g_and_vt_on_demand_vcpus', 'p_on_demand_vcpus', 'inf_on_demand_vcpus', 'trn_on_demand_vcpus', 'dl_on_demand_vcpus',
    'f_on_demand_vcpus', 'x_on_demand_vcpus', 'hpc_on_demand_vcpus', 'high_memory_on_demand_vcpus',
    'standard_spot_vcpus', 'g_and_vt_spot_vcpus', 'p2_to_p4_spot_vcpus', 'p5_spot_vcpus', 'inf_spot_vcpus',
    'trn_spot_vcpus', 'dl_spot_vcpus', 'f_spot_vcpus', 'x_spot_vcpus', 'fargate_on_demand_vcpus', 'fargate_spot_vcpus',
    'job_queues', 'compute_environments', 'auto_scaling_groups', 'rules_per_event_bus', 'network_interfaces',
    'interface_endpoints_per_vpc', 'elastic_ip_addresses', 'file_systems'; each value at least 0; default empty]"""
    network: NetworkSettings | None = None
    """needed as soon as something computes [default None]"""
    queues: dict[ShortName, QueueSettings] = Field(default_factory=dict)
    """SQS message queues; a renamed one is another queue, and what is in the old one is lost [default empty]"""
    buckets: dict[ShortName, AnyBucketSettings] = Field(default_factory=dict)
    """S3 buckets; a renamed one is another, empty bucket [default empty]"""
    file_systems: dict[ShortName, FileSystemSettings] = Field(default_factory=dict)
    """EFS file systems; a renamed one is another, empty file system [default empty]"""
    repositories: dict[ShortName, RepositorySettings] = Field(default_factory=dict)
    """ECR repositories, where images are pushed to [default empty]"""
    pull_through_prefixes: Distinct[PullThroughPrefix] = ()
    """of repositories in ECR that pull-through cache rules fill, e.g. docker-hub: the first pull of an image may import
    it, which goes through the internet even from a network with endpoints of ECR [each 2 to 30 characters; default
    empty]"""
    compute_environments: dict[ShortName, AnyComputeEnvironmentSettings] = Field(default_factory=dict)
    """what Batch runs jobs on [default empty]"""
    scheduling_policies: dict[ShortName, FairSharePolicySettings] = Field(default_factory=dict)
    """how job queues share their capacity fairly [default empty]"""
    job_queues: dict[ShortName, AnyJobQueueSettings] = Field(default_factory=dict)
    """where jobs wait for capacity [default empty]"""
    job_definitions: dict[ShortName, AnyJobDefinitionSettings] = Field(default_factory=dict)
    """what a job is; each change is a new revision, and running jobs keep theirs [default empty]"""
    submissions: dict[Annotated[ShortName, Field(max_length=128)], JobSubmission] = Field(default_factory=dict)
    """ready-made requests to run a job [each name at most 128 characters; default empty]"""
    teams: dict[ShortName, TeamAccess] = Field(default_factory=dict)
    """who may submit and terminate jobs, identified by a tag [default empty]"""
    clusters: dict[ShortName, AnyClusterSettings] = Field(default_factory=dict)
    """ECS clusters and the capacity of their tasks [default empty]"""
    services: dict[ShortName, ServiceSettings] = Field(default_factory=dict)
    """ECS services, which keep tasks running [default empty]"""
    task_definitions: dict[ShortName, RunTaskDefinition] = Field(default_factory=dict)
    """ECS tasks that something starts when they are needed [default empty]"""
    pipelines: dict[ShortName, PipelineSettings] = Field(default_factory=dict)
    """jobs and tasks in an order, which something starts together [default empty]"""
    backlogs: dict[ShortName, BacklogSettings] = Field(default_factory=dict)
    """queues that jobs process on request [default empty]"""
    functions: dict[ShortName, ExistingFunction] = Field(default_factory=dict)
    """existing Lambda functions that this environment calls [default empty]"""
    topics: dict[ShortName, TopicSettings] = Field(default_factory=dict)
    """SNS topics, which something here publishes messages to [default empty]"""
    schedule_groups: dict[ShortName, ScheduleGroup] = Field(default_factory=dict)
    """what schedules are counted together in [default empty]"""
    schedules: dict[ShortName, ScheduleSettings] = Field(default_factory=dict)
    """what is started by the clock [default empty]"""
    pipes: dict[ShortName, PipeSettings] = Field(default_factory=dict)
    """what is started by the messages of a queue [default empty]"""
    event_buses: dict[ShortName, EventBusSettings] = Field(default_factory=dict)
    """where events of programs come, besides the account's default event bus [default empty]"""
    rules: dict[ShortName, RuleSettings] = Field(default_factory=dict)
    """what is started by what happens: an upload, a failed job, … [default empty]"""
    operations: Annotated[Operations | None, given_in_production("nobody would know of what is stuck")] = None
    """logs, metrics, alarms and costs of this environment; None: none of them [default None; must be given in
    production]"""

    @property
    def location(self) -> AwsLocation:
        """Region and account."""
        return AwsLocation(self.region, self.account_id)

    @property
    def all_tags(self) -> Mapping[str, str]:
        """The tags of every resource."""
        return {self.project_tag_key: self.project, self.environment_tag_key: self.name} | self.tags

    def physical_name(self, part: str, kind: str = "") -> str:
        """Return what ``part`` of the map ``kind`` is called: ``<project>-<environment>-<part>``, or its own."""
        return self._own_name(part, kind) or f"{self.project}-{self.name}-{part}"

    def _own_name(self, part: str, kind: str) -> str | None:
        entries = self.__dict__.get(kind)
        entry = entries.get(part) if isinstance(entries, Mapping) else None
        return entry.physical_name if isinstance(entry, NamedSettings) else None

    def bucket_name(self, part: str) -> str:
        """Return a bucket's name, which must be the only one of its kind among all AWS accounts."""
        return self._own_name(part, "buckets") or bucket_name(self.physical_name(part), self.location)

    def bucket_arn(self, part: str) -> str:
        """Return a bucket's ARN, which follows from its name: a stack may need it before there is the bucket."""
        return arns.bucket(self.location, self.bucket_name(part))

    @property
    def job_tags(self) -> Mapping[str, str]:
        """What tells the jobs of this environment from others in the account."""
        return {self.environment_tag_key: self.name, self.project_tag_key: self.project}

    @property
    def team_tag_keys(self) -> Sequence[str]:
        """The keys of tags by which jobs are known to be a team's."""
        return sorted({team.tag_key for team in self.teams.values()})

    def job_queue_arn(self, part: str) -> str:
        """Return the ARN of a job queue."""
        return arns.job_queue(self.location, self.job_queue_name(part))

    def job_queue_name(self, part: str) -> str:
        """Return what a job queue is called, somebody else's included."""
        queue = self.job_queues.get(part)
        return queue.own_name if isinstance(queue, ExistingJobQueue) else self.physical_name(part, "job_queues")

    def job_definition_name(self, part: str) -> str:
        """Return what a job definition is called; somebody else's may have a revision in it."""
        job = self.job_definitions.get(part)
        if isinstance(job, ExistingJobDefinition):
            return job.own_name
        return self.physical_name(part, "job_definitions")

    def topic_arn(self, part: str) -> str:
        """Return the ARN of a topic, somebody else's included."""
        topic = self.topics[part]
        return (
            topic.topic_arn
            if isinstance(topic, ExistingTopic)
            else arns.topic(self.location, self.physical_name(part, "topics"))
        )

    def event_bus_name(self, part: str) -> str:
        """Return what an event bus is called, somebody else's included."""
        bus = self.event_buses.get(part)
        return bus.event_bus_name if isinstance(bus, ExistingEventBus) else self.physical_name(part, "event_buses")

    def event_rule_arn(self, part: str) -> str:
        """Return the ARN of a rule, which follows from its name and its event bus."""
        rule = self.rules[part]
        bus = self.event_bus_name(rule.event_bus) if rule.event_bus else "default"
        name = self.physical_name(part, "rules")
        return arns.event_rule(self.location, name if bus == "default" else f"{bus}/{name}")

    @property
    def event_context(self) -> EventContext:
        """What short names stand for in events."""
        buckets = {
            name: bucket.bucket_name if isinstance(bucket, ExistingBucket) else self.bucket_name(name)
            for name, bucket in self.buckets.items()
        }
        clusters = {
            name: cluster.cluster_name if isinstance(cluster, ExistingCluster) else self.physical_name(name, "clusters")
            for name, cluster in self.clusters.items()
        }
        names = {
            "buckets": FrozenDict(buckets),
            "clusters": FrozenDict(clusters),
            "job_queues": FrozenDict({name: self.job_queue_name(name) for name in self.job_queues}),
            "job_definitions": FrozenDict({name: self.job_definition_name(name) for name in self.job_definitions}),
            "task_definitions": FrozenDict(
                {name: self.physical_name(name, "task_definitions") for name in self.task_definitions}
            ),
        }
        return EventContext(self.location, names)

    @property
    def repository_uris(self) -> Mapping[str, str]:
        """Where the images of each repository are pulled from, by short name."""
        return FrozenDict(
            {
                name: arns.repository_uri(self.location, self.physical_name(name, "repositories"))
                for name in self.repositories
            }
        )

    @property
    def unpinned_uris(self) -> Sequence[str]:
        """The URIs of the repositories from which an image goes once its tag has moved on."""
        return [uri for name, uri in self.repository_uris.items() if self.repositories[name].expires_replaced_images]

    def submission_context(self, submission: RequestedJob) -> SubmissionContext:
        """Return what a submission's request is rendered with."""
        job = self.job_definitions[submission.job_definition]
        queue = submission.job_queue or job.job_queues[0]
        by_team = submission.team if isinstance(submission, JobSubmission) else None
        team = self.teams[by_team] if by_team else None
        tags = {**settable_tags(self.all_tags), team.tag_key: team.tag_value} if team else self.all_tags
        share = team.share_identifier if team and self.job_queues[queue].is_fair_share else None
        return SubmissionContext(
            job_definition=job,
            job_definition_name=self.job_definition_name(submission.job_definition),
            job_queue_name=self.job_queue_name(queue),
            tags=tags,
            share_identifier=None if share and share.endswith("*") else share,
        )

    def subject(self) -> str:
        """Lead errors with the environment's name, as far as it has a usable one."""
        name: Any = self.valid_value("name")
        return name if isinstance(name, str) else type(self).__name__
