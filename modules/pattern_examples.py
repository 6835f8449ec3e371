"""What a text of each form looks like, for messages: an example says more than a regular expression."""

import re

ACCOUNT = "111122223333"
HERE = f"us-east-1:{ACCOUNT}"
UUID = "11111111-2222-4333-8444-555555555555"

EXAMPLES = {
    r"^(/[0-9A-Za-z_-][0-9A-Za-z_.-]*){1,4}$": "/models/2026",
    r"^(FARGATE|FARGATE_SPOT|[a-z][a-z0-9]*(-[a-z0-9]+)*)$": "FARGATE_SPOT",
    r"^([0-9A-Za-z!_.'()=+@ -]+/)*$": "models/2026/",
    r"^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$": "search",
    r"^([^/].*)?$": "models/",
    r"^/[0-9A-Za-z_./-]*$": "/data/models",
    r"^/[^\s]*$": "/health",
    r"^1\.[0-9]{2}$": "1.33",
    r"^[0-7]{3,4}$": "0750",
    r"^[0-9A-Za-z!_.'()/%+-]*$": "incoming/2026",
    r"^[0-9A-Za-z-]{32,64}$": "11111111-2222-3333-4444-555555555555",
    r"^[0-9A-Za-z.:\s]*\*?$": "Host EC2*",
    r"^[0-9A-Za-z]{0,254}[0-9A-Za-z*]$": "search",
    r"^[0-9A-Za-z]{1,255}$": "search",
    r"^[0-9A-Za-z_ -]+$": "batch-platform",
    r"^[0-9A-Za-z_.-]+(:[0-9A-Za-z_.-]+)?$": "1000:1000",
    r"^[0-9]*\*?$": "137",
    r"^[0-9]{12}$": ACCOUNT,
    r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$": UUID,
    r"^[A-Za-z0-9_ .:/=+@-]+$": "search",
    r"^[A-Za-z0-9_.:/=+@-]+$": "team",
    r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$": "1.4.0",
    r"^[A-Za-z_][A-Za-z0-9_.-]*$": "MODEL_NAME",
    r"^[0-9A-Za-z_./-]+/$": "incoming/images/",
    r"^[^:]+$": "token",
    r"^[0-9A-Za-z!-/:-@\[-`{-~]{1,100}$": "customer-42",
    r"^[a-z0-9-]+\.[a-z0-9-]+$": "p5.48xlarge",
    r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$": "batch-jobs",
    r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$": "batch-jobs",
    r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$": "worker",
    r"^\.?[0-9A-Za-z_-][0-9A-Za-z_.-]*(/\.?[0-9A-Za-z_-][0-9A-Za-z_.-]*)*$": "terraform/batch",
    r"^/dev/[a-z][a-z0-9]{2,8}$": "/dev/sda1",
    r"^[0-9A-Za-z._/-]{1,256}$": "orders",
    r"^ami-[0-9a-f]{8,17}$": "ami-0123456789abcdef0",
    r"^cr-[0-9a-f]{8,17}$": "cr-0123456789abcdef0",
    r"^fs-[0-9a-f]{8,40}$": "fs-0123456789abcdef0",
    r"^fsap-[0-9a-f]{8,40}$": "fsap-0123456789abcdef0",
    r"^sg-[0-9a-f]{8,17}$": "sg-0123456789abcdef0",
    r"^snap-[0-9a-f]{8,17}$": "snap-0123456789abcdef0",
    r"^vpc-[0-9a-f]{8,17}$": "vpc-0123456789abcdef0",
}
# ARNs by the service and kind of resource that their patterns name.
ARNS = {
    ":acm:": f"arn:aws:acm:{HERE}:certificate/11111111-2222-3333-4444-555555555555",
    ":autoscaling:": f"arn:aws:autoscaling:{HERE}:autoScalingGroup:{UUID}:autoScalingGroupName/gpus",
    ":ecs:": f"arn:aws:ecs:{HERE}:cluster/shared",
    ":eks:": f"arn:aws:eks:{HERE}:cluster/shared",
    ":elasticloadbalancing:": f"arn:aws:elasticloadbalancing:{HERE}:listener/app/web/0123456789abcdef/0123456789abcdef",
    ":policy/": f"arn:aws:iam::{ACCOUNT}:policy/tables",
    ":kms:": f"arn:aws:kms:{HERE}:key/{UUID}",
    ":resource-groups:": f"arn:aws:resource-groups:{HERE}:group/reserved",
    ":s3:::": "arn:aws:s3:::example-models",
    ":secretsmanager:": f"arn:aws:secretsmanager:{HERE}:secret:hub-AbCdEf",
    ":sqs:": f"arn:aws:sqs:{HERE}:requests",
    ":ssm:": f"arn:aws:ssm:{HERE}:parameter/embed/key",
}


def example_of(pattern: str, meaning: str) -> str | None:
    """Return a text that matches ``pattern``: the one that ``meaning`` gives (e.g. …), or one from here."""
    if given := re.search(r'e\.g\. "?([^\s"]+?)"?[,;)]?(?: |$)', meaning):
        return given[1]
    return EXAMPLES.get(pattern) or next((arn for part, arn in ARNS.items() if part in pattern), None)
