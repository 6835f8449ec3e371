"""Quotas that an environment can come up against: their codes in Service Quotas, and AWS's defaults. Plain data.

Source: "Amazon EC2 endpoints and quotas", and the same pages of Fargate (ECS), Batch, EventBridge, VPC, EFS and EC2
Auto Scaling, in the AWS General Reference; "Resource: AWS Batch service quotas". A default is what a new account is
promised; many have more. EC2's are in vCPUs. What AWS documents nothing of, such as P6 instances of Spot, is left out.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

QuotaName = Literal[
    "standard_on_demand_vcpus",
    "g_and_vt_on_demand_vcpus",
    "p_on_demand_vcpus",
    "inf_on_demand_vcpus",
    "trn_on_demand_vcpus",
    "dl_on_demand_vcpus",
    "f_on_demand_vcpus",
    "x_on_demand_vcpus",
    "hpc_on_demand_vcpus",
    "high_memory_on_demand_vcpus",
    "standard_spot_vcpus",
    "g_and_vt_spot_vcpus",
    "p2_to_p4_spot_vcpus",
    "p5_spot_vcpus",
    "inf_spot_vcpus",
    "trn_spot_vcpus",
    "dl_spot_vcpus",
    "f_spot_vcpus",
    "x_spot_vcpus",
    "fargate_on_demand_vcpus",
    "fargate_spot_vcpus",
    "job_queues",
    "compute_environments",
    "auto_scaling_groups",
    "rules_per_event_bus",
    "network_interfaces",
    "interface_endpoints_per_vpc",
    "elastic_ip_addresses",
    "file_systems",
]


class ServiceQuota(NamedTuple):
    """What Service Quotas calls it, and what it is until somebody asks for more; some AWS never raises."""

    service: str
    code: str
    default: int
    title: str
    adjustable: bool = True


QUOTAS: Mapping[QuotaName, ServiceQuota] = {
    "standard_on_demand_vcpus": ServiceQuota("ec2", "L-1216C47A", 5, "Running On-Demand Standard instances"),
    "g_and_vt_on_demand_vcpus": ServiceQuota("ec2", "L-DB2E81BA", 0, "Running On-Demand G and VT instances"),
    "p_on_demand_vcpus": ServiceQuota("ec2", "L-417A185B", 0, "Running On-Demand P instances"),
    "inf_on_demand_vcpus": ServiceQuota("ec2", "L-1945791B", 0, "Running On-Demand Inf instances"),
    "trn_on_demand_vcpus": ServiceQuota("ec2", "L-2C3B7624", 0, "Running On-Demand Trn instances"),
    "dl_on_demand_vcpus": ServiceQuota("ec2", "L-6E869C2A", 0, "Running On-Demand DL instances"),
    "f_on_demand_vcpus": ServiceQuota("ec2", "L-74FC7D96", 0, "Running On-Demand F instances"),
    "x_on_demand_vcpus": ServiceQuota("ec2", "L-7295265B", 0, "Running On-Demand X instances"),
    "hpc_on_demand_vcpus": ServiceQuota("ec2", "L-F7808C92", 0, "Running On-Demand HPC instances"),
    "high_memory_on_demand_vcpus": ServiceQuota("ec2", "L-43DA4232", 0, "Running On-Demand High Memory instances"),
    "standard_spot_vcpus": ServiceQuota("ec2", "L-34B43A08", 5, "All Standard Spot Instance Requests"),
    "g_and_vt_spot_vcpus": ServiceQuota("ec2", "L-3819A6DF", 0, "All G and VT Spot Instance Requests"),
    "p2_to_p4_spot_vcpus": ServiceQuota("ec2", "L-7212CCBC", 0, "All P4, P3 and P2 Spot Instance Requests"),
    "p5_spot_vcpus": ServiceQuota("ec2", "L-C4BD4855", 0, "All P5 Spot Instance Requests"),
    "inf_spot_vcpus": ServiceQuota("ec2", "L-B5D1601B", 0, "All Inf Spot Instance Requests"),
    "trn_spot_vcpus": ServiceQuota("ec2", "L-6B0D517C", 0, "All Trn Spot Instance Requests"),
    "dl_spot_vcpus": ServiceQuota("ec2", "L-85EED4F7", 0, "All DL Spot Instance Requests"),
    "f_spot_vcpus": ServiceQuota("ec2", "L-88CF9481", 0, "All F Spot Instance Requests"),
    "x_spot_vcpus": ServiceQuota("ec2", "L-E3A00192", 0, "All X Spot Instance Requests"),
    "fargate_on_demand_vcpus": ServiceQuota("fargate", "L-3032A538", 6, "Fargate On-Demand vCPU resource count"),
    "fargate_spot_vcpus": ServiceQuota("fargate", "L-36FBB829", 6, "Fargate Spot vCPU resource count"),
    "job_queues": ServiceQuota("batch", "L-4CEA37AD", 50, "Job queue limit", adjustable=False),
    "compute_environments": ServiceQuota("batch", "L-144F0CA5", 50, "Compute environment limit", adjustable=False),
    "auto_scaling_groups": ServiceQuota("autoscaling", "L-CDE20ADC", 500, "Auto Scaling groups per region"),
    "rules_per_event_bus": ServiceQuota("events", "L-244521F2", 300, "Number of rules"),
    "network_interfaces": ServiceQuota("vpc", "L-DF5E4CA3", 5_000, "Network interfaces per Region"),
    "interface_endpoints_per_vpc": ServiceQuota("vpc", "L-29B6F2EB", 50, "Interface VPC endpoints per VPC"),
    "elastic_ip_addresses": ServiceQuota("ec2", "L-0263D0A3", 5, "EC2-VPC Elastic IPs"),
    "file_systems": ServiceQuota("elasticfilesystem", "L-848C634D", 1_000, "File systems per account"),
}
NAMES: tuple[QuotaName, ...] = get_args(QuotaName)
# Families by the letters that they begin with; all others are standard ones. Macs run on hosts alone.
_CLASSES = {
    "g": "g_and_vt",
    "gr": "g_and_vt",
    "vt": "g_and_vt",
    "u": "high_memory",
    **{name: name for name in ("dl", "f", "hpc", "inf", "p", "trn", "x")},
}


def vcpu_quota(instance_type: str, market: Literal["on_demand", "spot"]) -> QuotaName | None:
    """Return the quota that the vCPUs of an instance count for; None where AWS documents none."""
    found = re.match(r"([a-z]+)(\d*)", instance_type)
    letters, generation = found.groups() if found else ("", "")
    if letters == "mac":
        return None
    kind = _CLASSES.get(letters, "standard")
    if (kind, market) == ("p", "spot"):
        kind = "p5" if generation == "5" else "p2_to_p4" if generation in ("2", "3", "4") else ""
    return next((name for name in NAMES if name == f"{kind}_{market}_vcpus"), None)
