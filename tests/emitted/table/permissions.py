"""IAM and KMS."""

from tests.emitted.requests import Limit, Row

ROWS = {
    "aws_iam_instance_profile": Row(
        requests=("iam.CreateInstanceProfile", "iam.AddRoleToInstanceProfile"),
        schema="AWS::IAM::InstanceProfile",
        names={"name": "InstanceProfileName", "role": "RoleName|Roles"},
    ),
    "aws_iam_policy": Row(
        requests=("iam.CreatePolicy",),
        schema="AWS::IAM::ManagedPolicy",
        names={"name": "PolicyName", "policy": "PolicyDocument"},
    ),
    "aws_iam_role": Row(
        requests=("iam.CreateRole",),
        schema="AWS::IAM::Role",
        names={"name": "RoleName", "assume_role_policy": "AssumeRolePolicyDocument"},
    ),
    "aws_iam_role_policy": Row(
        requests=("iam.PutRolePolicy",),
        names={"name": "PolicyName", "policy": "PolicyDocument", "role": "RoleName"},
    ),
    "aws_iam_role_policy_attachment": Row(
        requests=("iam.AttachRolePolicy",),
        names={"role": "RoleName"},
    ),
    "aws_kms_alias": Row(
        requests=("kms.CreateAlias",),
        schema="AWS::KMS::Alias",
        names={"name": "AliasName"},
    ),
    "aws_kms_key": Row(
        requests=("kms.CreateKey",),
        schema="AWS::KMS::Key",
        elsewhere={
            "deletion_window_in_days": "read when the key is deleted: ScheduleKeyDeletion.PendingWindowInDays",
            "enable_key_rotation": "EnableKeyRotation, which has no such member",
        },
        limits={"deletion_window_in_days": Limit("ScheduleKeyDeletion", 7, 30, kind="number")},
    ),
}
