"""The pictures in the documents: production's platform, its nightly pipeline and its dashboard."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from handover.late_values import with_defaults
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
        operations = json.loads(Path(stacks, "stacks/prod-operations/cdk.tf.json").read_text())
    made = drawn(platform)
    (dashboard,) = operations["resource"]["aws_cloudwatch_dashboard"].values()
    defaults = {name: block["default"] for name, block in operations["variable"].items()}
    title = f"{dashboard['dashboard_name']}, over a day that is made up"
    shown = dashboard_picture(title, json.loads(with_defaults(dashboard["dashboard_body"], defaults)))
    return {folder / "dashboard.svg": shown} | {folder / file: made[name] for file, name in PICTURES.items()}
