"""The log of a trail as a table in Glue's catalog, with the workgroup and the queries of Athena that ask it."""

from cdktf_cdktf_provider_aws.athena_named_query import AthenaNamedQuery
from cdktf_cdktf_provider_aws.athena_workgroup import AthenaWorkgroup, AthenaWorkgroupConfiguration
from cdktf_cdktf_provider_aws.glue_catalog_database import GlueCatalogDatabase
from cdktf_cdktf_provider_aws.glue_catalog_table import (
    GlueCatalogTable,
    GlueCatalogTablePartitionKeys,
    GlueCatalogTableStorageDescriptor,
)
from constructs import Construct

from modules.athena.trail_queries import TABLE, projection, query_text, storage, trail_queries
from modules.blocks import typed_block
from modules.naming import AwsLocation
from modules.terraform_literal import terraform_literal


class TrailTable(Construct):
    """Define what asks the log below ``root`` (``s3://<bucket>/…/CloudTrail``), which goes back ``days``.

    Athena itself keeps the results, for a day. ``database_name`` has no hyphens, ``prefix`` leads the names of what the
    environment has made.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        database_name: str,
        root: str,
        days: int,
        prefix: str,
        location: AwsLocation,
    ) -> None:
        super().__init__(scope, id_)
        database = GlueCatalogDatabase(self, "database", name=database_name)
        GlueCatalogTable(
            self,
            "Resource",
            name=TABLE,
            database_name=database.name,
            table_type="EXTERNAL_TABLE",
            parameters=terraform_literal(projection(location, root, days)),
            partition_keys=[GlueCatalogTablePartitionKeys(name=key, type="string") for key in ("region", "day")],
            storage_descriptor=typed_block(GlueCatalogTableStorageDescriptor, storage(root)),
        )
        workgroup = AthenaWorkgroup(
            self,
            "workgroup",
            name=name,
            configuration=typed_block(
                AthenaWorkgroupConfiguration, {"managedQueryResultsConfiguration": {"enabled": True}}
            ),
            # With what was asked there.
            force_destroy=True,
        )
        queries = Construct(self, "queries")
        for query_name, query in trail_queries(location, prefix).items():
            AthenaNamedQuery(
                queries,
                query_name,
                name=query_name,
                description=query.question,
                database=database.name,
                workgroup=workgroup.name,
                query=query_text(query),
            )
