"""What is added of EFS is what AWS's API says."""

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.local_aws.asking import client


@pytest.mark.parametrize("status", ["ENABLED", "DISABLED"])
def test_a_file_system_has_the_backup_policy_that_was_put(status: str) -> None:
    efs = client("efs")
    id_ = efs.create_file_system(CreationToken="a")["FileSystemId"]
    with pytest.raises(ClientError, match="PolicyNotFound"):
        efs.describe_backup_policy(FileSystemId=id_)
    put = efs.put_backup_policy(FileSystemId=id_, BackupPolicy={"Status": status})["BackupPolicy"]
    assert put == efs.describe_backup_policy(FileSystemId=id_)["BackupPolicy"] == {"Status": status}


def test_a_file_systems_policy_can_be_deleted() -> None:
    efs = client("efs")
    id_ = efs.create_file_system(CreationToken="a")["FileSystemId"]
    efs.put_file_system_policy(FileSystemId=id_, Policy='{"Version":"2012-10-17","Statement":[]}')
    assert efs.describe_file_system_policy(FileSystemId=id_)["FileSystemId"] == id_
    efs.delete_file_system_policy(FileSystemId=id_)
    with pytest.raises(ClientError, match="PolicyNotFound"):
        efs.describe_file_system_policy(FileSystemId=id_)
