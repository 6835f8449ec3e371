"""Texts as HTML."""

import pytest

from reporting.markup import Linker, anchor, breakable

LINKER = Linker({"queues", "queues.a", "queues.a.tags", "jobs.b", "jobs.b.mounts[0]", "tags.x y"})


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("queues.a", "queues.a"),
        ("mounts[0].path", "mounts[0].path"),
        ('tags.x y"<', "tags.x%20y%22%3C"),
        ("ü", "%C3%BC"),
    ],
)
def test_an_id_has_no_blank_and_nothing_that_ends_it(path: str, made: str) -> None:
    assert anchor(path) == made


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("delay_seconds", "delay_<wbr>seconds"),
        ("job.tags.<x>", '<span class="above">job.<wbr>tags.<wbr></span>&lt;x&gt;'),
    ],
)
def test_the_last_step_of_a_path_stands_out_and_lines_break_between_words(path: str, made: str) -> None:
    assert breakable(path) == made


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("queues.a", '<a href="#queues.a">queues.a</a>'),
        ("queues.a.role.x", '<a href="#queues.a">queues.a.role.x</a>'),
        ("jobs.b.mounts[0].path", '<a href="#jobs.b.mounts[0]">jobs.b.mounts[0].path</a>'),
        ("tags.x y", '<a href="#tags.x%20y">tags.x y</a>'),
        ("aws_sqs_queue.<q>", "aws_sqs_queue.&lt;q&gt;"),
        ("", ""),
    ],
)
def test_a_path_leads_to_the_nearest_setting_above_it(path: str, link: str) -> None:
    assert LINKER.link(path) == link


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("plain <b>", "plain &lt;b&gt;"),
        ("on `*`, `<x>`", "on <code>*</code>, <code>&lt;x&gt;</code>"),
        ("on `queues/a:*`", 'on <code><a href="#queues.a">queues/a:*</a></code>'),
        ("on `queues`", "on <code>queues</code>"),
        ("on `arn:aws:sqs`", "on <code>arn:aws:sqs</code>"),
    ],
)
def test_code_is_code_and_leads_to_the_setting_that_it_names(text: str, made: str) -> None:
    assert LINKER.prose(text) == made
