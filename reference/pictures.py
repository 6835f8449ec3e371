"""The pictures in the documents: production's platform, its nightly pipeline and its dashboard."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from handover.pictures.drawing import drawn
from handover.platforms import read_platforms
from reference.dashboard_picture import dashboard_picture
from stacks.loading import load_environments
from stacks.synthesis import synthesize

PICTURES = {"platform.svg": "platform.svg", "pipeline.svg": "pipelines/nightly.svg"}


def pictures(folder: Path) -> dict[Path, str]:
    """Return what the files of this folder should say."""
    with TemporaryDirectory() as stacks:
        synthesize(load_environments(["prod"]), Path(stacks), complete=True)
        (platform,) = read_platforms(Path(stacks))
    made = drawn(platform)
    (dashboard,) = (
        block
        for module in platform.decided.modules
        for block in module.document["resource"].get("aws_cloudwatch_dashboard", {}).values()
    )
    title = f"{dashboard['dashboard_name']}, over a day that is made up"
    shown = dashboard_picture(title, json.loads(dashboard["dashboard_body"]))
    return {folder / "dashboard.svg": shown} | {folder / file: made[name] for file, name in PICTURES.items()}
