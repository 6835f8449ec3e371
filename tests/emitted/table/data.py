"""Where data lies: S3, EFS, ECR."""

from tests.emitted.requests import Limit, Row

ATTACHED = "the provider names what it has just made"
KEY_FILTER = "a rule Name and Value of Filter.Key.FilterRules"
KEY = Limit("Amazon S3: a key has at most 1,024 bytes", 0, 1_024, kind="bytes")

ROWS = {
    "aws_ecr_lifecycle_policy": Row(
        requests=("ecr.PutLifecyclePolicy",),
        names={"policy": "lifecyclePolicyText", "repository": "repositoryName"},
    ),
    "aws_ecr_repository": Row(
        requests=("ecr.CreateRepository",),
        schema="AWS::ECR::Repository",
        names={"name": "repositoryName"},
        elsewhere={"force_delete": "read when the repository is deleted: DeleteRepository.force"},
        wrong={"Tags[].Value": "TagValue of ECR's API has no least length; only CloudFormation asks for one character"},
    ),
    "aws_ecr_repository_policy": Row(
        requests=("ecr.SetRepositoryPolicy",),
        names={"policy": "policyText", "repository": "repositoryName"},
    ),
    "aws_efs_access_point": Row(
        requests=("efs.CreateAccessPoint",),
        schema="AWS::EFS::AccessPoint",
        limits={
            "root_directory.path": Limit("RootDirectory: at most four folders deep", pattern=r"/|(/[^/]+){1,4}"),
        },
    ),
    "aws_efs_backup_policy": Row(requests=("efs.PutBackupPolicy",)),
    "aws_efs_file_system": Row(
        requests=("efs.CreateFileSystem", "efs.PutLifecycleConfiguration"),
        schema="AWS::EFS::FileSystem",
        filled={"FileSystemId": ATTACHED},
        limits={
            "provisioned_throughput_in_mibps": Limit(
                "CreateFileSystem: 1 to 3,414, less in some regions", 1, 3_414, kind="number"
            ),
        },
    ),
    "aws_efs_file_system_policy": Row(requests=("efs.PutFileSystemPolicy",)),
    "aws_efs_mount_target": Row(
        requests=("efs.CreateMountTarget",),
        schema="AWS::EFS::MountTarget",
        limits={"security_groups": Limit("CreateMountTarget: five groups", 0, 5, kind="entries")},
    ),
    "aws_s3_bucket": Row(
        requests=("s3.CreateBucket",),
        schema="AWS::S3::Bucket",
        elsewhere={"force_destroy": "read when the bucket is deleted"},
        limits={
            "bucket": Limit(
                "Bucket naming rules",
                pattern=r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)"
                r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
            )
        },
    ),
    "aws_s3_bucket_intelligent_tiering_configuration": Row(
        requests=("s3.PutBucketIntelligentTieringConfiguration",),
        inside=("IntelligentTieringConfiguration",),
        names={"name": "Id"},
        filled={
            "IntelligentTieringConfiguration.Id": "the name once more",
            "IntelligentTieringConfiguration.Status": "Enabled, unless said otherwise",
        },
        limits={
            "name": Limit("the provider: 64 characters", 1, 64, kind="characters"),
            "tiering.days": Limit("Tiering: 90 and more, 180 of deep archive, at most 730", 90, 730, kind="number"),
        },
    ),
    "aws_s3_bucket_lifecycle_configuration": Row(
        requests=("s3.PutBucketLifecycleConfiguration",),
        inside=("LifecycleConfiguration",),
        names={"rule": "LifecycleConfiguration.Rules"},
        limits={
            "rule": Limit("PutBucketLifecycleConfiguration: 1,000 rules", 1, 1_000, kind="entries"),
            "rule.id": Limit("LifecycleRule: 255 characters", 1, 255, kind="characters"),
            "rule.filter.prefix": KEY,
            "rule.expiration.days": Limit("a 32-bit number of days", 1, 2**31 - 1, kind="number"),
            "rule.noncurrent_version_expiration.noncurrent_days": Limit("days", 1, 2**31 - 1, kind="number"),
            "rule.abort_incomplete_multipart_upload.days_after_initiation": Limit("days", 1, 2**31 - 1, kind="number"),
            "rule.transition.days": Limit("days", 0, 2**31 - 1, kind="number"),
        },
    ),
    "aws_s3_bucket_logging": Row(
        requests=("s3.PutBucketLogging",),
        inside=("BucketLoggingStatus.LoggingEnabled",),
        limits={"target_prefix": KEY},
    ),
    "aws_s3_bucket_notification": Row(
        requests=("s3.PutBucketNotificationConfiguration",),
        names={
            "eventbridge": "NotificationConfiguration.EventBridgeConfiguration",
            "queue": "NotificationConfiguration.QueueConfigurations",
            "topic": "NotificationConfiguration.TopicConfigurations",
        },
        elsewhere={f"{kind}.filter_{end}": KEY_FILTER for kind in ("queue", "topic") for end in ("prefix", "suffix")},
        filled={"NotificationConfiguration.EventBridgeConfiguration": "empty, where Terraform has a boolean"},
        limits={
            "eventbridge": Limit("aws_s3_bucket_notification: a boolean", words=("true", "false"), kind="word"),
            **{f"{kind}.filter_{end}": KEY for kind in ("queue", "topic") for end in ("prefix", "suffix")},
        },
    ),
    "aws_s3_bucket_ownership_controls": Row(
        requests=("s3.PutBucketOwnershipControls",),
        inside=("OwnershipControls",),
    ),
    "aws_s3_bucket_policy": Row(requests=("s3.PutBucketPolicy",)),
    "aws_s3_bucket_public_access_block": Row(
        requests=("s3.PutPublicAccessBlock",),
        inside=("PublicAccessBlockConfiguration",),
    ),
    "aws_s3_bucket_server_side_encryption_configuration": Row(
        requests=("s3.PutBucketEncryption",),
        inside=("ServerSideEncryptionConfiguration",),
        names={"rule.blocked_encryption_types": "BlockedEncryptionTypes.EncryptionType"},
    ),
    "aws_s3_bucket_versioning": Row(requests=("s3.PutBucketVersioning",)),
}
