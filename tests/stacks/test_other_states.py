"""States that are not kept at AWS: what each accepts, on both sides of each limit, and where it then lies."""

from typing import Any

import pytest

from stacks.neighbours import problems_between
from stacks.other_states import AzureState, GcsState, HttpLock, HttpState, NoState
from stacks.state import StateSettings
from tests.problems import refused
from tests.stacks.environments import empty_environment

UUID = "11111111-2222-4333-8444-555555555555"
BLOB: dict[str, Any] = {"storage_account_name": "acme", "container_name": "states"}
KEYED = BLOB | {"use_entra_id": False}


@pytest.mark.parametrize(
    ("kind", "changes", "found"),
    [
        (HttpState, {"address": "https://states.example.com"}, []),
        (HttpState, {"address": "http://10.0.0.1:8080/a/b"}, []),
        (HttpState, {"address": "https://a/b/"}, ["address: got 'https://a/b/'"]),
        (HttpState, {"address": "https://a/b?c=d"}, ["address: got 'https://a/b?c=d'"]),
        (HttpState, {"address": "ftp://a"}, ["address: got 'ftp://a'"]),
        (HttpState, {}, ["address"]),
        (HttpLock, {"path": "a/b", "method": "LOCK", "unlock_method": "UNLOCK"}, []),
        (HttpLock, {"path": "/a"}, ["path: got '/a'"]),
        (GcsState, {"bucket": "abc"}, []),
        (GcsState, {"bucket": "a" * 63}, []),
        (GcsState, {"bucket": "ab"}, ["bucket: 3, got 'ab'"]),
        (GcsState, {"bucket": "a" * 64}, [f"bucket: 63, got '{'a' * 64}'"]),
        (GcsState, {"bucket": "-ab"}, ["bucket: got '-ab'"]),
        (GcsState, {}, ["bucket"]),
        (
            GcsState,
            {"bucket": "abc", "kms_encryption_key": "projects/a/locations/eu/keyRings/b/cryptoKeys/c"},
            [],
        ),
        (GcsState, {"bucket": "abc", "kms_encryption_key": "c"}, ["kms_encryption_key: got 'c'"]),
        (GcsState, {"bucket": "abc", "impersonate_service_account": "a@b.iam.gserviceaccount.com"}, []),
        (
            GcsState,
            {"bucket": "abc", "impersonate_service_account": "a@b.com"},
            ["impersonate_service_account: got 'a@b.com'"],
        ),
        (AzureState, BLOB, []),
        (AzureState, BLOB | {"storage_account_name": "a" * 24, "container_name": "a" * 63}, []),
        (AzureState, BLOB | {"storage_account_name": "ab"}, ["storage_account_name: 3, got 'ab'"]),
        (AzureState, BLOB | {"storage_account_name": "a" * 25}, [f"storage_account_name: 24, got '{'a' * 25}'"]),
        (AzureState, BLOB | {"storage_account_name": "a-b"}, ["storage_account_name: got 'a-b'"]),
        (AzureState, BLOB | {"container_name": "a--b"}, ["container_name: got 'a--b'"]),
        (AzureState, BLOB | {"container_name": "ab"}, ["container_name: 3, got 'ab'"]),
        (AzureState, BLOB | {"container_name": "a" * 64}, [f"container_name: 63, got '{'a' * 64}'"]),
        (AzureState, {}, ["storage_account_name", "container_name"]),
        (AzureState, BLOB | {"tenant_id": UUID}, []),
        (AzureState, BLOB | {"tenant_id": "acme"}, ["tenant_id: got 'acme'"]),
        (AzureState, KEYED | {"resource_group_name": "a" * 90, "subscription_id": UUID}, []),
        (AzureState, KEYED | {"resource_group_name": "a."}, ["resource_group_name: got 'a.'"]),
        (AzureState, KEYED, ["resource_group_name"]),
        (AzureState, BLOB | {"resource_group_name": "a"}, ["resource_group_name: got 'a'"]),
        (AzureState, BLOB | {"subscription_id": UUID}, [f"subscription_id: got '{UUID}'"]),
        (NoState, {"backend": "gcs", "key_prefix": "a/b"}, []),
        (NoState, {"backend": "http"}, ["backend: got 'http'"]),
        (NoState, {"key_prefix": "../a"}, ["key_prefix: got '../a'"]),
    ],
)
def test_each_takes_what_its_backend_takes(kind: type[Any], changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert refused(kind, **changes) == found
    else:
        assert kind(**changes).model_fields_set == set(changes)


@pytest.mark.parametrize(
    ("state", "url"),
    [
        (HttpState(address="https://a/b"), "https://a/b/acme-prod-queues"),
        (GcsState(bucket="abc", key_prefix="ml"), "gs://abc/ml/acme/prod/queues/default.tfstate"),
        (AzureState(**BLOB), "https://acme.blob.core.windows.net/states/acme/prod/queues.tfstate"),
        (NoState(), "s3://…/acme/prod/queues.tfstate"),
        (NoState(backend="gcs", key_prefix="ml"), "gs://…/ml/acme/prod/queues/default.tfstate"),
        (NoState(backend="azurerm"), "https://….blob.core.windows.net/…/acme/prod/queues.tfstate"),
    ],
)
def test_the_state_of_each_stack_lies_elsewhere(state: StateSettings, url: str) -> None:
    assert state.url("acme", "prod", "queues") == url
    assert state.url("acme", "prod", "storage") != url
    environments = [empty_environment(name=name, state=state) for name in ("a", "b")]
    assert list(problems_between(environments)) == []


@pytest.mark.parametrize(
    ("state", "found"),
    [
        (HttpState(address="https://a/b"), []),
        (HttpState(address="http://a/b"), ["state.address: got 'http://a/b'"]),
        (HttpState(address="https://a/b", lock=None), ["state.lock: got None"]),
        (GcsState(bucket="abc"), []),
        (AzureState(**BLOB), []),
        (NoState(), []),
    ],
)
def test_production_wants_states_encrypted_on_the_way_and_locked(state: StateSettings, found: list[str]) -> None:
    if found:
        assert refused(lambda: empty_environment(production=True, state=state)) == found
    else:
        assert empty_environment(production=True, state=state).state is state


def test_a_resource_group_has_90_characters_and_no_more() -> None:
    (found,) = refused(AzureState, **KEYED, resource_group_name="a" * 91)
    assert found.startswith("resource_group_name: 90, got 'aaa")
