"""Fixtures for all tests. The bindings are started once for the whole run, by the first import of a construct."""

import gc
import json
from typing import Any

import pytest
from cdktf import App, LocalBackend, TerraformStack, Testing
from cdktf_cdktf_provider_aws.provider import AwsProvider
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from hypothesis.internal.constants_ast import Constants
from hypothesis.internal.entropy import deterministic_PRNG

from modules.naming import AwsLocation
from tests import beside, messages, shipped
from tests.messages import examples  # noqa: F401
from tests.repeated_work import do_once
from tests.starts import (  # noqa: F401  pytest finds hooks and fixtures here
    cold_starts,
    plain_start,
    pytest_collection_finish,
    pytest_collection_modifyitems,
    pytest_unconfigure,
    start_elsewhere,
)
from tests.typed_blocks import refuse_dicts

messages.watch()

# As main.py does: hardly anything is garbage, and looking for it takes an eighth of the run.
gc.disable()

refuse_dicts()
do_once()


class ForgetfulProvider(HypothesisProvider):
    """Chooses without the constants of whatever code is imported by then: which that is depends on the other tests."""

    _local_constants = Constants()


with deterministic_PRNG():
    """The first one looks at all objects there are: hardly any yet."""


# The same examples in every run and on every machine, however slow it is; nothing is kept between runs.
AVAILABLE_PROVIDERS["hypothesis"] = ForgetfulProvider
settings.register_profile(
    "repeatable", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(beside)
    config.pluginmanager.register(shipped)


def pytest_sessionfinish() -> None:
    # pytest and Python would look five times for garbage in all that the tests have left.
    gc.freeze()


@pytest.fixture
def location() -> AwsLocation:
    return AwsLocation(region="us-east-1", account_id="111122223333")


@pytest.fixture
def stack() -> TerraformStack:
    stack = TerraformStack(App(stack_traces=False), "test")
    LocalBackend(stack, path="test.tfstate")
    AwsProvider(stack, "aws", region="us-east-1")
    return stack


class Synthesized:
    """The Terraform JSON of a stack, with the ways tests look at it."""

    def __init__(self, stack: TerraformStack) -> None:
        self.document: dict[str, Any] = json.loads(Testing.synth(stack, True))

    def all(self, type_: str) -> list[dict[str, Any]]:
        """Return all resources of a type, in the order of their names."""
        return [resource for _, resource in sorted(self.document.get("resource", {}).get(type_, {}).items())]

    def one(self, type_: str) -> dict[str, Any]:
        """Return the only resource of a type."""
        (resource,) = self.all(type_)
        return resource

    def named(self, type_: str, name: str) -> dict[str, Any]:
        """Return the resource of a type whose physical name is ``name``."""
        (resource,) = [resource for resource in self.all(type_) if resource.get("name") == name]
        return resource

    def types(self) -> list[str]:
        """Return the resource types that occur."""
        return sorted(self.document.get("resource", {}))

    def address(self, type_: str, name: str) -> str:
        """Return the reference prefix of the resource whose physical name is ``name``: ``type.logical_id``."""
        resources = self.document["resource"][type_]
        (address,) = [f"{type_}.{id_}" for id_, resource in resources.items() if resource.get("name") == name]
        return address


@pytest.fixture
def synthesize() -> type[Synthesized]:
    return Synthesized
