"""What S3 and Elastic Load Balancing ask of a bucket that receives an access log."""

from collections.abc import Iterator

from modules.problems import Problem


def access_log_problems(
    path: str, target: str, *, encrypted: bool, logged: bool, sender: str = "S3"
) -> Iterator[Problem]:
    """Yield why ``target`` cannot have the log: it is encrypted with a KMS key, or its own access is logged."""
    if logged:
        rule = "name a bucket without access_log_bucket"
        yield Problem(path, rule, repr(target), "otherwise each delivered log is logged again")
    if encrypted:
        yield Problem(
            path, "name a bucket without a KMS key", repr(target), f"{sender} delivers no access logs to such a bucket"
        )
