import re
from typing import Literal

import pytest

from modules.ec2.instance_types import known_types
from modules.service_quotas.quotas import NAMES, QUOTAS, vcpu_quota


@pytest.mark.parametrize(
    ("instance_type", "market", "quota"),
    [
        ("m7i.large", "on_demand", "standard_on_demand_vcpus"),
        ("im4gn.large", "spot", "standard_spot_vcpus"),
        ("z1d.large", "spot", "standard_spot_vcpus"),
        ("g5.xlarge", "on_demand", "g_and_vt_on_demand_vcpus"),
        ("gr6.4xlarge", "spot", "g_and_vt_spot_vcpus"),
        ("vt1.3xlarge", "spot", "g_and_vt_spot_vcpus"),
        ("p4d.24xlarge", "on_demand", "p_on_demand_vcpus"),
        ("p5.48xlarge", "on_demand", "p_on_demand_vcpus"),
        ("p4d.24xlarge", "spot", "p2_to_p4_spot_vcpus"),
        ("p5en.48xlarge", "spot", "p5_spot_vcpus"),
        ("p6-b200.48xlarge", "spot", None),
        ("inf2.xlarge", "spot", "inf_spot_vcpus"),
        ("trn1.2xlarge", "on_demand", "trn_on_demand_vcpus"),
        ("dl1.24xlarge", "spot", "dl_spot_vcpus"),
        ("f2.6xlarge", "spot", "f_spot_vcpus"),
        ("x2idn.16xlarge", "on_demand", "x_on_demand_vcpus"),
        ("hpc7a.12xlarge", "on_demand", "hpc_on_demand_vcpus"),
        ("hpc7a.12xlarge", "spot", None),
        ("u-6tb1.56xlarge", "on_demand", "high_memory_on_demand_vcpus"),
        ("mac2.metal", "on_demand", None),
    ],
)
def test_an_instance_counts_for_the_quota_of_its_class(
    instance_type: str, market: Literal["on_demand", "spot"], quota: str | None
) -> None:
    assert vcpu_quota(instance_type, market) == quota


def test_every_type_that_is_known_counts_for_a_quota_on_demand_unless_it_runs_on_hosts_alone() -> None:
    without = {name for name in known_types() if vcpu_quota(name, "on_demand") is None}
    assert {name.partition(".")[0][:3] for name in without} <= {"mac"}


def test_every_quota_has_a_code_of_its_own() -> None:
    assert list(QUOTAS) == list(NAMES)
    assert len({quota.code for quota in QUOTAS.values()}) == len(QUOTAS)
    assert all(re.fullmatch("L-[0-9A-F]{8}", quota.code) for quota in QUOTAS.values())
