"""The pictures in the documents: production's platform, and its nightly pipeline."""

from pathlib import Path
from tempfile import TemporaryDirectory

from handover.pictures.drawing import drawn
from handover.platforms import read_platforms
from stacks.loading import load_environments
from stacks.synthesis import synthesize

PICTURES = {"platform.svg": "platform.svg", "pipeline.svg": "pipelines/nightly.svg"}


def pictures(folder: Path) -> dict[Path, str]:
    """Return what the files of this folder should say."""
    with TemporaryDirectory() as stacks:
        synthesize(load_environments(["prod"]), Path(stacks), complete=True)
        (platform,) = read_platforms(Path(stacks))
    made = drawn(platform)
    return {folder / file: made[name] for file, name in PICTURES.items()}
