"""The pictures of what is shipped, as files."""

from handover.pictures.drawing import drawn, pipeline_names
from reference.pictures import PICTURES
from tests.handover.platforms import shipped_platforms
from tests.processes import PROJECT


def test_each_platform_and_each_of_its_pipelines_is_drawn_twice() -> None:
    platforms = {platform.name: platform for platform in shipped_platforms()}
    assert list(drawn(platforms["prod"])) == [
        f"{name}.{suffix}"
        for name in ("platform", "pipelines/nightly", "pipelines/retraining", "pipelines/urgent")
        for suffix in ("svg", "mmd")
    ]
    assert list(drawn(platforms["prod"], ["nightly"])) == ["pipelines/nightly.svg", "pipelines/nightly.mmd"]
    assert pipeline_names([platforms["prod"], platforms["transcription"]]) == [
        *("again", "import", "nightly", "retraining", "review", "reviewed", "urgent")
    ]


def test_the_pictures_in_the_documents_are_those_of_production() -> None:
    (prod,) = (platform for platform in shipped_platforms() if platform.name == "prod")
    made = drawn(prod)
    for file, name in PICTURES.items():
        assert (PROJECT / "docs" / "pictures" / file).read_text(encoding="utf-8") == made[name], "make docs draws them"
