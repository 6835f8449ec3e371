"""The pictures of platforms as files by name: of each platform as a whole, and of each of its pipelines."""

from collections.abc import Collection, Iterator, Sequence
from functools import partial

from handover.late_values import parsed
from handover.pictures.graph import Graph
from handover.pictures.machine import machine_graph
from handover.pictures.mermaid import mermaid
from handover.pictures.platform import platform_graph
from handover.pictures.pointing import Directory
from handover.pictures.svg import svg
from handover.platforms import Platform, construct_path


def drawn(platform: Platform, pipelines: Collection[str] = ()) -> dict[str, str]:
    """Return the pictures of a platform and of its pipelines; of these pipelines alone, if any are named."""
    made = (("svg", svg), ("mmd", mermaid))
    return {
        f"{name}.{suffix}": draw(graph) for name, graph in graphs(platform, pipelines).items() for suffix, draw in made
    }


def graphs(platform: Platform, pipelines: Collection[str] = ()) -> dict[str, Graph]:
    """Return what there is to be drawn, by name; nothing of a platform without any box."""
    platform = platform.decided
    whole = platform_graph(platform)
    found = {} if pipelines or not whole.boxes else {"platform": whole}
    return found | {
        f"pipelines/{name}": graph for name, graph in _pipelines(platform) if not pipelines or name in pipelines
    }


def pipeline_names(platforms: Sequence[Platform]) -> list[str]:
    """Return the names of all pipelines."""
    return sorted({name for platform in platforms for name, _ in _pipelines(platform)})


def _pipelines(platform: Platform) -> Iterator[tuple[str, Graph]]:
    directory = Directory(platform)

    def called(part: str, key: str, text: str) -> str:
        found = directory.find(part, text, key)
        return directory.called(found) if found else text

    for resource, block in directory.of("aws_sfn_state_machine"):
        if not construct_path(block).startswith("backlogs/"):
            name = directory.called(resource)
            definition = parsed(block["definition"])
            yield name, machine_graph(f"Pipeline {name} of {platform.name}", definition, partial(called, resource.part))
