"""What is added of Athena is what AWS's API says."""

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.local_aws.asking import client


def test_a_query_of_athena_is_kept_and_forgotten() -> None:
    athena = client("athena")
    query = {"Name": "ended-jobs", "Database": "audit", "QueryString": "SELECT 1", "WorkGroup": "primary"}
    id_ = athena.create_named_query(**query)["NamedQueryId"]
    assert query.items() <= athena.get_named_query(NamedQueryId=id_)["NamedQuery"].items()
    athena.delete_named_query(NamedQueryId=id_)
    with pytest.raises(ClientError, match="NamedQuery was not found"):
        athena.get_named_query(NamedQueryId=id_)
