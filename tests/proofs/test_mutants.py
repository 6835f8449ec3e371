"""A fault in a policy is found, whichever it is; and the request that shows it says what is wrong."""

from dataclasses import replace

import pytest

from tests.proofs.mutants import Mutant, allowed, compared, put, renamed, swapped, without
from tests.proofs.shipped import proofs_of

EMBED = "job_definitions/embed-images/job-role"
START = "job_definitions/embed-images/execution-role"
WORKER = "services/image-worker/task-definition/task-role"
NIGHTLY, REINDEX = "pipelines/nightly/role", "schedules/reindex-weekly/role"
ADS = "teams/ads"
AWS_ANYBODY, STRANGER = {"AWS": "*"}, {"AWS": "arn:aws:iam::999999999999:root"}

ROLES = {
    "objects of any bucket": Mutant("staging", EMBED, "ReadObjects", put(Resource="*")),
    "objects of any prefix": Mutant("staging", EMBED, "ReadObjects", swapped("incoming/*", "*")),
    "a prefix without its slash": Mutant("staging", EMBED, "ReadObjects", swapped("incoming/*", "incoming*")),
    "listing without a prefix": Mutant("staging", EMBED, "ListObjects", without("Condition")),
    "listing with a prefix or none": Mutant(
        "staging", EMBED, "ListObjects", renamed("StringLike", "StringLikeIfExists")
    ),
    "listing with any of many prefixes": Mutant(
        "staging", EMBED, "ListObjects", renamed("StringLike", "ForAllValues:StringLike")
    ),
    "all but writing": Mutant("staging", EMBED, "WriteObjects", renamed("Action", "NotAction")),
    "all but its objects": Mutant("staging", EMBED, "WriteObjects", renamed("Resource", "NotResource")),
    "writing denied instead of allowed": Mutant("staging", EMBED, "WriteObjects", put(Effect="Deny")),
    "everything of a service": Mutant("staging", EMBED, "WriteObjects", put(Action="s3:*")),
    "actions that begin alike": Mutant("staging", WORKER, "ConsumeMessages", put(Action="sqs:*Message*")),
    "one more action": Mutant("staging", WORKER, "ConsumeMessages", allowed("sqs:PurgeQueue")),
    "a queue of another account": Mutant("staging", WORKER, "ConsumeMessages", swapped("222222222222", "999999999999")),
    "a queue of any account": Mutant("staging", WORKER, "ConsumeMessages", swapped("222222222222", "*")),
    "a queue of another region": Mutant("staging", WORKER, "ConsumeMessages", swapped("us-east-1", "us-?ast-1")),
    "queues whose names begin alike": Mutant("staging", WORKER, "ConsumeMessages", swapped("images", "images*")),
    "files beside the access point": Mutant("staging", WORKER, "ReadFiles", without("Condition")),
    "protection of tasks of other services": Mutant("staging", WORKER, "ProtectTask", without("Condition")),
    "a key without its service": Mutant(
        "model-serving", "services/deferred/task-definition/task-role", "ConsumeWithKey", without("Condition")
    ),
    "logs of any group": Mutant("staging", START, "WriteLogs", swapped("/aws/batch/terrabatch-staging-gpu", "*")),
    "any role handed to tasks": Mutant(
        "staging", REINDEX, "PassRoles", swapped("terrabatch-staging-reindex-task", "*")
    ),
    "a role handed to any service": Mutant("staging", REINDEX, "PassRoles", without("iam:PassedToService")),
    "a task on any cluster": Mutant("staging", REINDEX, "RunTask", without("ecs:cluster")),
    "tags of tasks that run": Mutant(
        "staging", REINDEX, "TagTask", renamed("StringEquals", "ForAllValues:StringEquals")
    ),
    "any job definition": Mutant(
        "staging", NIGHTLY, "SubmitNamed", swapped("job-definition/terrabatch", "job-definition/*")
    ),
    "jobs ended whatever their tags": Mutant("staging", NIGHTLY, "EndJobs", without("Condition")),
    "jobs ended of other environments": Mutant("staging", NIGHTLY, "EndJobs", without("aws:ResourceTag/environment")),
    "tags of its own jobs taken away": Mutant("staging", ADS, "EndJobs", allowed("batch:UntagResource")),
    "a role for other accounts": Mutant("staging", EMBED, "trust", without("Condition")),
    "a role for people": Mutant("staging", EMBED, "trust", put(Principal={"AWS": "arn:aws:iam::222222222222:root"})),
}

RESOURCES = {
    "a queue without TLS": Mutant("staging", "queues/images", "DenyWithoutTls", put(Effect="Allow")),
    "TLS in the place of none": Mutant(
        "staging", "queues/images", "DenyWithoutTls", compared("Bool", "aws:SecureTransport", "true")
    ),
    "a queue that any bucket sends to": Mutant("staging", "queues/images", "SendFromS3", without("aws:SourceArn")),
    "a queue that buckets of any account send to": Mutant(
        "staging", "queues/images", "SendFromS3", without("aws:SourceAccount")
    ),
    "a queue for everybody": Mutant("staging", "queues/images", "SendFromS3", put(Principal=AWS_ANYBODY)),
    "a queue without its organization": Mutant(
        "shared-account", "queues/labels", "SendInOrganization", without("Condition")
    ),
    "a bucket with old TLS": Mutant(
        "staging", "buckets/data", "DenyOldTls", renamed("NumericLessThan", "NumericEquals")
    ),
    "a log of any bucket": Mutant("staging", "buckets/logs", "AccessLog2", swapped("terrabatch-staging-data", "*")),
    "a topic for strangers": Mutant(
        "staging", "operations/alarms/topic", "PublishFromCloudwatch", put(Principal=STRANGER)
    ),
    "a key for strangers": Mutant("staging", "operations/alarms/topic/key", "ManagedByIam", put(Principal=STRANGER)),
    "a file system beside its mount targets": Mutant(
        "staging", "file_systems/weights", "DenyBesideMountTarget", without("Condition")
    ),
    "a log of any event": Mutant("staging", "operations/events/policy", "WriteEvents", without("Condition")),
    "images for any account": Mutant(
        "shared-account", "repositories/review", "PullFromOtherAccounts", put(Principal=AWS_ANYBODY)
    ),
}

TEAMS = {
    "jobs of other teams": Mutant("staging", ADS, "EndJobs", without("aws:ResourceTag/team")),
    "jobs that may have the tag": Mutant("staging", ADS, "EndJobs", renamed("StringEquals", "StringEqualsIfExists")),
    "jobs of all teams but one": Mutant("staging", ADS, "EndJobs", renamed("StringEquals", "StringNotEquals")),
    "tags of jobs of other teams": Mutant("staging", ADS, "TagNewJobs", without("aws:ResourceTag/team")),
    "tags of jobs of the platform": Mutant("staging", ADS, "TagNewJobs", without("Null")),
    "definitions of other teams": Mutant("staging", ADS, "SubmitTagged", without("aws:ResourceTag/team")),
    "tags taken away from anything": Mutant("staging", ADS, "DescribeBatch", allowed("batch:UntagResource")),
    "everything in Batch": Mutant("staging", ADS, "EndJobs", put(Action="batch:*", Condition={})),
    "jobs of teams, by a pipeline": Mutant("staging", NIGHTLY, "TagNewJobs", without("aws:ResourceTag/team")),
}


@pytest.mark.parametrize("mutant", [*(ROLES | RESOURCES | TEAMS).values()], ids=[*(ROLES | RESOURCES | TEAMS)])
def test_a_fault_in_a_policy_is_found(mutant: Mutant) -> None:
    assert any(list(theorem.refutations()) for theorem in mutant.theorems(proofs_of(mutant.environment)))


@pytest.mark.parametrize("mutant", TEAMS.values(), ids=TEAMS)
def test_what_lets_a_team_take_over_anothers_jobs_is_found_by_the_tags_alone(mutant: Mutant) -> None:
    *_, theorem = mutant.theorems(proofs_of(mutant.environment))
    assert "carries another's tag" in theorem.text
    assert list(theorem.refutations())


def test_without_a_fault_nothing_is_found() -> None:
    faults = [*(ROLES | RESOURCES | TEAMS).values()]
    assert len(faults) >= 50
    for environment, of in {(mutant.environment, mutant.of) for mutant in faults}:
        same = Mutant(environment, of, "trust", lambda statement: statement)
        theorems = list(same.theorems(proofs_of(environment)))
        assert theorems
        assert not [item.text for item in theorems if list(item.refutations())]


def test_a_policy_that_is_attached_besides_is_found() -> None:
    proofs = proofs_of("staging")
    attached = frozenset({"arn:aws:iam::aws:policy/AdministratorAccess"})
    proofs.roles = {**proofs.roles, EMBED: replace(proofs.roles[EMBED], attached=attached)}
    ((refutation,),) = (found for item in proofs.of_role(EMBED) if (found := list(item.refutations())))
    assert refutation.steps == ({"attached": "arn:aws:iam::aws:policy/AdministratorAccess", "named": ""},)


def test_a_boundary_that_is_left_out_is_found() -> None:
    proofs = proofs_of("company-account")
    path = "job_definitions/redact/job-role"
    proofs.roles = {**proofs.roles, path: replace(proofs.roles[path], boundary=None)}
    ((refutation,),) = (found for item in proofs.of_role(path) if (found := list(item.refutations())))
    assert refutation.steps[0]["limited by"] == "None"


def test_a_role_or_a_policy_that_nothing_asks_for_is_found() -> None:
    proofs = proofs_of("batch-tour")
    role = next(iter(proofs.roles.values()))
    proofs.roles = {**proofs.roles, "job_definitions/stray/job-role": role}
    found = [item.text for item in proofs.theorems() if list(item.refutations())]
    assert found == ["job_definitions/stray/job-role is a role that its settings ask for"]
