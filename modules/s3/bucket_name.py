"""What S3 accepts as the name of a bucket.

Source: "General purpose bucket naming rules" in the S3 user guide.
"""

import re
from collections.abc import Iterator

from modules.naming import name_problems
from modules.problems import Problem, SettingsError

# No dots: the certificate of S3 does not cover them, and our buckets refuse whatever comes without TLS.
BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9-]+[a-z0-9]")
RESERVED_PREFIXES = ("amzn-s3-demo-", "sthree-", "xn--")
RESERVED_SUFFIXES = ("--ol-s3", "--table-s3", "--x-s3", "-s3alias")


def bucket_name_problems(path: str, name: str) -> Iterator[Problem]:
    """Yield what S3 would refuse ``name`` for."""
    yield from name_problems("buckets", path, name)
    if not BUCKET_NAME.fullmatch(name):
        yield Problem(
            path,
            "give a bucket name of at least 3 lower-case letters, digits and inner hyphens",
            repr(name),
            "S3 refuses other characters, and TLS the dots",
        )
    for reserved in (*filter(name.startswith, RESERVED_PREFIXES), *filter(name.endswith, RESERVED_SUFFIXES)):
        yield Problem(path, f"give a bucket name without {reserved!r}", repr(name), "S3 keeps such names for itself")


def require_bucket_name(name: str) -> None:
    """Raise ``SettingsError`` if S3 would refuse ``name``; for modules used outside an Environment."""
    problems = list(bucket_name_problems("name", name))
    if problems:
        raise SettingsError("buckets", problems)
