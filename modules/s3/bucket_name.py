"""What a bucket of ours is called."""

from modules.naming import AwsLocation


def bucket_name(name: str, location: AwsLocation) -> str:
    """Return a bucket's name, which must be the only one of its kind among all AWS accounts."""
    return f"{name}-{location.account_id}"
