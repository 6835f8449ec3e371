"""What is read of a folder that was synthesized."""

from pathlib import Path

from handover.platforms import construct_path, read_platforms
from tests.handover.platforms import root_module, write_stacks

README = "# Terraform\n\nHead.\n\n## dev\n\nThe dev table.\n\n## prod\n\nThe prod table.\n"


def test_root_modules_come_by_environment_each_after_those_that_it_reads(tmp_path: Path) -> None:
    modules = [
        root_module("dev-batch", ("dev-queues", "dev-network")),
        root_module("dev-network"),
        root_module("dev-queues", ("dev-network",)),
        root_module("big-prod-platform"),
    ]
    platforms = read_platforms(write_stacks(tmp_path, *modules))
    assert {platform.name: [module.name for module in platform.modules] for platform in platforms} == {
        "big-prod": ["big-prod-platform"],
        "dev": ["dev-network", "dev-queues", "dev-batch"],
    }


def test_only_the_environments_that_are_named_are_read_with_what_the_readme_says_of_them(tmp_path: Path) -> None:
    folder = write_stacks(tmp_path, root_module("dev-queues"), root_module("prod-queues"), readme=README)
    (platform,) = read_platforms(folder, ["prod"])
    assert (platform.name, platform.section) == ("prod", "The prod table.\n")
    assert read_platforms(folder)[0].section == "The dev table.\n"


def test_a_path_is_told_without_the_stack_and_without_what_cdktf_adds() -> None:
    assert construct_path({"//": {"metadata": {"path": "dev-queues/queues/a/Resource"}}}) == "queues/a"
    assert construct_path({"//": "queues/a"}) == "queues/a"
    assert construct_path({}) == ""


def test_where_a_state_is_is_told_of_every_kind_of_backend() -> None:
    cloud = {"organization": "acme"}
    assert root_module(terraform={"backend": {"s3": {"bucket": "b"}}}).backend == ("s3", {"bucket": "b"})
    assert root_module(terraform={"cloud": cloud}).backend == ("cloud", cloud)
    assert root_module().backend == ("local", {})
