import json
from pathlib import Path

import pytest

from modules.ec2 import refresh_instance_types
from modules.ec2.instance_types import COLUMNS, TABLE
from modules.ec2.refresh_instance_types import main, moto_types


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "instance_types.csv"
    monkeypatch.setattr(refresh_instance_types, "TABLE", path)
    return path


def test_refreshing_changes_nothing_but_the_date(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table.write_text(TABLE.read_text())
    main([])
    assert table.read_text().splitlines()[1:] == TABLE.read_text().splitlines()[1:]
    assert capsys.readouterr().out == f"{len(TABLE.read_text().splitlines()) - 2:d} instance types in {table.name}\n"


def test_types_of_another_region_are_added_and_then_stay(table: Path, tmp_path: Path) -> None:
    answer = tmp_path / "answer.json"
    item = {**moto_types()["g5.xlarge"], "InstanceType": "g99.xlarge"}
    answer.write_text(json.dumps({"InstanceTypes": [item]}))
    main([str(answer)])
    added = [line for line in table.read_text().splitlines() if line.startswith("g99.xlarge,")]
    assert len(added) == 1
    main([])
    assert added[0] in table.read_text().splitlines()


def test_a_newer_answer_replaces_what_was_known(table: Path, tmp_path: Path) -> None:
    main([])
    answer = tmp_path / "answer.json"
    item = {**moto_types()["g5.xlarge"], "MemoryInfo": {"SizeInMiB": 1}}
    answer.write_text(json.dumps({"InstanceTypes": [item]}))
    main([str(answer)])
    (line,) = [line for line in table.read_text().splitlines() if line.startswith("g5.xlarge,")]
    assert dict(zip(COLUMNS, line.split(","), strict=True))["memory_mib"] == "1"


def test_only_gpus_that_containers_can_be_given_count(table: Path, tmp_path: Path) -> None:
    amd = {"Name": "Radeon Pro V520", "Manufacturer": "AMD", "Count": 1, "MemoryInfo": {"SizeInMiB": 8_192}}
    answer = tmp_path / "answer.json"
    item = {**moto_types()["g5.xlarge"], "InstanceType": "g4ad.xlarge", "GpuInfo": {"Gpus": [amd]}}
    answer.write_text(json.dumps({"InstanceTypes": [item]}))
    main([str(answer)])
    (line,) = [line for line in table.read_text().splitlines() if line.startswith("g4ad.xlarge,")]
    found = dict(zip(COLUMNS, line.split(","), strict=True))
    assert (found["gpus"], found["gpu_name"], found["gpu_memory_mib"]) == ("0", "", "0")
