"""Rewrite the table of instance types.

    make instance-types FILES="FILE …"

Starts from the copy of EC2's DescribeInstanceTypes that moto ships, a test dependency. Each FILE is what ``aws ec2
describe-instance-types --region <region>`` printed: its types are added, so that a type which is newer, or offered
only in that region, becomes known. Types that are in the table already stay.
"""

import gzip
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from modules.ec2.instance_types import COLUMNS, TABLE

Row = Mapping[str, str | int | bool]


def main(files: Sequence[str]) -> None:
    """Write the table and say how many types it has."""
    found = moto_types()
    for file in files:
        found |= {str(item["InstanceType"]): item for item in json.loads(Path(file).read_text())["InstanceTypes"]}
    lines = dict.fromkeys(table_lines(row_of(item) for item in found.values()))
    known = {line.partition(",")[0] for line in lines}
    kept = [line for line in _table() if line.partition(",")[0] not in known]
    today = datetime.now(UTC).date()
    heading = f"# EC2 DescribeInstanceTypes as moto {version('moto')} has it, refreshed {today}"
    TABLE.write_text("\n".join([heading, ",".join(COLUMNS), *sorted([*lines, *kept])]) + "\n", encoding="utf-8")
    print(f"{len(lines) + len(kept)} instance types in {TABLE.name}")


def moto_types() -> dict[str, Mapping[str, Any]]:
    """Return moto's copy of DescribeInstanceTypes, by type."""
    spec = find_spec("moto")
    if spec is None or spec.origin is None:
        sys.exit("moto is not installed; it is one of requirements-dev.txt")
    packed = Path(spec.origin).parent / "ec2/resources/instance_types.json.gz"
    types: dict[str, Mapping[str, Any]] = json.loads(gzip.decompress(packed.read_bytes()))
    return types


def row_of(item: Mapping[str, Any]) -> Row:
    """Return one item of DescribeInstanceTypes as a row of the table."""
    gpu = next((gpu for gpu in item.get("GpuInfo", {}).get("Gpus", []) if gpu["Manufacturer"] == "NVIDIA"), None)
    network = item["NetworkInfo"]
    first_card = network["NetworkCards"][0]
    store = item.get("InstanceStorageInfo", {})
    return {
        "name": item["InstanceType"],
        "vcpus": item["VCpuInfo"]["DefaultVCpus"],
        "memory_mib": item["MemoryInfo"]["SizeInMiB"],
        # A type with a fraction of a GPU has a "Count" of 0 and shows its containers one.
        "gpus": gpu.get("LogicalGpuCount", gpu["Count"]) if gpu else 0,
        "gpu_name": gpu["Name"] if gpu else "",
        "gpu_memory_mib": gpu["MemoryInfo"]["SizeInMiB"] if gpu else 0,
        "neuron_devices": sum(device["Count"] for device in item.get("NeuronInfo", {}).get("NeuronDevices", [])),
        "architecture": next(
            name for name in sorted(item["ProcessorInfo"]["SupportedArchitectures"]) if name != "i386"
        ),
        "cpu_manufacturer": item["ProcessorInfo"]["Manufacturer"],
        "nvme_gb": store["TotalSizeInGB"] if store.get("NvmeSupport") == "required" else 0,
        # None where the first network card has none (p6-b300): the launch template puts the first EFA there.
        "efa_interfaces": network.get("EfaInfo", {}).get("MaximumEfaInterfaces", 0)
        if "efa" in first_card["InterfaceTypes"]
        else 0,
        "network_cards": network["MaximumNetworkCards"],
        "spot": "spot" in item["SupportedUsageClasses"],
        "capacity_block": "capacity-block" in item["SupportedUsageClasses"],
        "current_generation": item["CurrentGeneration"],
        "bare_metal": item["BareMetal"],
        "burstable": item["BurstablePerformanceSupported"],
        "hypervisor": item.get("Hypervisor", ""),
        "max_interfaces": network["MaximumNetworkInterfaces"],
        # Each interface keeps one address for itself; two pods use the node's own.
        "max_pods": first_card["MaximumNetworkInterfaces"] * (network["Ipv4AddressesPerInterface"] - 1) + 2,
    }


def table_lines(rows: Iterable[Row]) -> list[str]:
    """Return ``rows`` as lines of the table, in the order of their names."""
    lines = [",".join(str(int(v) if isinstance(v, bool) else v) for v in map(row.__getitem__, COLUMNS)) for row in rows]
    return sorted(lines)


def _table() -> list[str]:
    return TABLE.read_text(encoding="utf-8").splitlines()[2:] if TABLE.exists() else []


if __name__ == "__main__":
    main(sys.argv[1:])
