"""What workloads reach without NAT lies behind an endpoint, and an endpoint serves the services of its own region."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from modules.arn_parts import arn_parts
from modules.batch.settings.job_logs import DriverJobLogs
from modules.ecs.settings.logging import FireLensLogging
from modules.iam.access_settings import BUCKET_VERBS, Access
from modules.marked_values import marked_values
from modules.markers import ArnOf
from modules.problems import Problem
from modules.s3.settings import ExistingAccessPoint, ExistingBucket
from modules.sqs.settings import ExistingQueue
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.entries import everywhere
from stacks.rules.network import network_without_nat

WAY_OUT = "or give the network a NAT gateway (network.nat_gateways)"
# Options of log drivers and of Fluent Bit's plugins that say where to.
ADDRESSES = {"splunk-url", "fluentd-address", "gelf-address", "syslog-address", "host", "endpoint", "uri", "url"}
# Plugins of Fluent Bit that lead to somebody's service in the internet, if nobody says where to.
INTERNET_PLUGINS = {"azure", "bigquery", "datadog", "logdna", "newrelic", "nrlogs", "stackdriver"}
# Names that only a resolver of a network itself knows.
PRIVATE_DOMAINS = ("internal", "local", "localhost")


def check_secrets_without_nat(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that secrets are in this region."""
    if network_without_nat(environment) is None:
        return
    for path, arn, marker in marked_values(environment, ArnOf):
        if marker.thing in {"secret", "parameter"} and arn_parts(arn).region != environment.region:
            yield _elsewhere(environment, path, marker.thing, arn, f"keep a copy of the {marker.thing} here")


@everywhere
def check_access_without_nat(environment: EnvironmentSettings, path: str, access: Access) -> Iterator[Problem]:
    """Check that queues and buckets of others are in this region."""
    if network_without_nat(environment) is None:
        return
    for verb in ("consume", "send", "redrive"):
        for index, name in enumerate(getattr(access, verb)):
            queue = environment.queues.get(name)
            if isinstance(queue, ExistingQueue) and queue.location.region != environment.region:
                where = f"{path}.{verb}[{index}]"
                yield _elsewhere(environment, where, "queue", queue.queue_arn, "use a queue of this region")
    for verb in BUCKET_VERBS:
        for index, item in enumerate(getattr(access, verb)):
            bucket = environment.buckets.get(item.bucket)
            # Its own ARN names no region, but a bucket and its key are in the same.
            key = bucket.kms_key_arn if isinstance(bucket, ExistingAccessPoint | ExistingBucket) else None
            if key and arn_parts(key).region != environment.region:
                yield _elsewhere(environment, f"{path}.{verb}[{index}].bucket", "bucket", key, "replicate it to here")


@everywhere
def check_logs_without_nat(
    environment: EnvironmentSettings, path: str, logs: DriverJobLogs | FireLensLogging
) -> Iterator[Problem]:
    """Check that logs go to a place in reach."""
    if network_without_nat(environment) is None:
        return
    for name, value in logs.options.items():
        if name.lower() in ADDRESSES and _is_outside(environment, value):
            yield _outside(f"{path}.options.{name}", value)
    if isinstance(logs, FireLensLogging):
        yield from _plugin_problems(environment, path, logs)


def _plugin_problems(environment: EnvironmentSettings, path: str, logs: FireLensLogging) -> Iterator[Problem]:
    options = {name.lower(): (name, value) for name, value in logs.options.items()}
    name, plugin = options.get("name", ("Name", ""))
    if plugin in INTERNET_PLUGINS and not options.keys() & ADDRESSES:
        yield _outside(f"{path}.options.{name}", plugin)
    if "region" in options and options["region"][1] != environment.region:
        name, region = options["region"]
        yield _elsewhere(environment, f"{path}.options.{name}", "service", region, "log to a place of this region")


def _is_outside(environment: EnvironmentSettings, address: str) -> bool:
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname
    except ValueError:  # no address at all
        return False
    if host is None:
        return False
    try:
        return not ip_address(host).is_private
    except ValueError:
        domain = environment.location.domain
        is_here = host.endswith(f".{domain}") and environment.region in host.split(".")
        namespaces = [name for cluster in environment.clusters.values() if (name := cluster.namespace_name)]
        is_private = "." not in host or host.endswith(tuple(f".{end}" for end in (*PRIVATE_DOMAINS, *namespaces)))
        return not (is_here or is_private)


def _elsewhere(environment: EnvironmentSettings, path: str, thing: str, got: str, fix: str) -> Problem:
    rule = f"name a {thing} in {environment.region} where network.nat_gateways is 0"
    return Problem(path, rule, repr(got), "an endpoint serves its own region only", f"{fix}, {WAY_OUT}")


def _outside(path: str, got: str) -> Problem:
    return Problem(
        path,
        "lead to a private address where network.nat_gateways is 0",
        repr(got),
        "there is no way to the internet",
        f"name a private address or one below .internal or .local, {WAY_OUT}",
    )
