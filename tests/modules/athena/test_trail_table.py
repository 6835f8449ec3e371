from cdktf import TerraformStack

from modules.athena.trail_queries import COLUMNS, trail_queries
from modules.athena.trail_table import TrailTable
from modules.naming import AwsLocation
from tests.conftest import Synthesized

ROOT = "s3://tb-prod-audit-111122223333/AWSLogs/111122223333/CloudTrail"


def test_the_log_is_a_table_that_saved_queries_ask_in_a_workgroup_of_their_own(
    stack: TerraformStack, location: AwsLocation
) -> None:
    names = {"name": "tb-prod-audit", "database_name": "tb_prod_audit"}
    TrailTable(stack, "audit", **names, root=ROOT, days=30, prefix="tb-prod-", location=location)
    made = Synthesized(stack)
    table, workgroup = made.one("aws_glue_catalog_table"), made.one("aws_athena_workgroup")
    assert made.one("aws_glue_catalog_database")["name"] == "tb_prod_audit"
    assert table["storage_descriptor"]["location"] == f"{ROOT}/"
    assert [column["name"] for column in table["storage_descriptor"]["columns"]] == list(COLUMNS)
    assert [key["name"] for key in table["partition_keys"]] == ["region", "day"]
    # Terraform is to leave to Athena what stands for a partition.
    assert table["parameters"]["storage.location.template"] == f"{ROOT}/$${{region}}/$${{day}}"
    assert workgroup["configuration"] == {"managed_query_results_configuration": {"enabled": True}}
    queries = {query["name"]: query for query in made.all("aws_athena_named_query")}
    assert queries.keys() == trail_queries(location, "").keys()
    assert "'tb-prod-'" in queries["changed-permissions"]["query"]
