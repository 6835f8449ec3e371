"""Reference environments, a file each. Their accounts, keys and images are made up, and nothing deploys them.

``web-inference``: services that answer while somebody waits. ``model-serving``: models on GPU instances.
``gpu-training``: long jobs on scarce GPUs, shared by teams. ``kubernetes``: jobs as pods of an EKS cluster.
``transcription``: jobs in pipelines, on Spot first and on demand where Spot has nothing.
``shared-account``: next to others, with what is theirs. ``company-account``: under the rules of a company.
``moderation``: messages that start jobs, tasks and calls. ``sandbox``: protections off, to try things out.
"""

ENVIRONMENTS = (
    "web-inference",
    "model-serving",
    "gpu-training",
    "kubernetes",
    "transcription",
    "shared-account",
    "company-account",
    "moderation",
    "sandbox",
)
