"""Availability zones, by name or by id. Pure: no constructs.

A name, such as us-east-1a, is another zone in each account; an id, such as use1-az1, is the same everywhere.

Source: "Availability Zone IDs for your AWS resources" in the RAM user guide.
"""

import re
from typing import Annotated

from pydantic import Field, StringConstraints

ZONE_LETTERS = "abcdefg"
_DIRECTIONS = {
    "central": "c",
    "east": "e",
    "gov": "g",
    "north": "n",
    "northeast": "ne",
    "northwest": "nw",
    "south": "s",
    "southeast": "se",
    "southwest": "sw",
    "west": "w",
}
AvailabilityZone = Annotated[
    str,
    StringConstraints(pattern=r"^([a-z]{2}(-[a-z]+)+-[0-9][a-g]|[a-z]{3,6}[0-9]-az[1-7])$"),
    Field(description="an availability zone by its name, e.g. us-east-1a, or its id, e.g. use1-az1; no local zone"),
]
AnyZone = Annotated[
    str,
    StringConstraints(
        pattern=r"^([a-z]{2}(-[a-z]+)+-[0-9](-[a-z]{3}-[0-9])?[a-g]|[a-z]{3,6}[0-9]-([a-z]{3}[0-9]-)?az[1-7])$"
    ),
    Field(description="an availability zone or a Local Zone by its name or id, e.g. us-east-1a or us-west-2-lax-1a"),
]
_OF_LOCAL_ZONE = re.compile(r"-[a-z]{3}-?[0-9](?=[a-g]$|-az)")


def is_local_zone(zone: str) -> bool:
    """Return whether ``zone`` is a Local Zone, near a city and without many services of its region."""
    return _OF_LOCAL_ZONE.search(zone) is not None


def is_zone_id(zone: str) -> bool:
    """Return whether ``zone`` is an id rather than a name."""
    return "-az" in zone


def zone_ending(zone: str) -> str:
    """Return what tells the zone from others of its region, e.g. ``a`` or ``az1``."""
    return zone.rpartition("-")[2] if is_zone_id(zone) else zone[-1]


def zone_position(zone: str) -> int:
    """Return the zone's place among those of its region, from 0 to 6."""
    return int(zone[-1]) - 1 if is_zone_id(zone) else ZONE_LETTERS.index(zone[-1])


def zone_in(region: str, like: str) -> str:
    """Return the first zone of ``region``, as a name or an id as ``like`` is."""
    if not is_zone_id(like):
        return f"{region}a"
    country, *directions, number = region.split("-")
    return f"{country}{''.join(_DIRECTIONS.get(word, word) for word in directions)}{number}-az1"


def is_in_region(zone: str, region: str) -> bool:
    """Return whether the zone belongs to ``region``."""
    first = zone_in(region, zone)
    return re.sub("[a-g]$|[1-7]$", "", _OF_LOCAL_ZONE.sub("", zone)) == first[:-1]
