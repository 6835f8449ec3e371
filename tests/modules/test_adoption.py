"""What Terraform can take over is emitted, and called as the table says."""

from modules.adoption import ADOPTABLE, REFUSED
from tests.shipped import PACKAGES, shipped_resources


def test_every_type_is_emitted_with_the_argument_that_names_it() -> None:
    emitted: dict[str, set[str]] = {}
    for package in PACKAGES:
        for address, block in shipped_resources(*ADOPTABLE, *REFUSED, package=package):
            emitted.setdefault(address.rpartition("/")[2].partition(".")[0], set()).update(block)
    assert emitted.keys() == ADOPTABLE.keys() | REFUSED.keys()
    assert all(not facts.argument or facts.argument in emitted[type_] for type_, facts in ADOPTABLE.items())
