import subprocess

import pytest

from modules.shell import Choice, choice_script

SCRIPT = choice_script(
    "submission_script",
    [
        Choice("all", "first=$(say one)\nsay two"),
        Choice("job score share", 'say "$last"', ("search", "tenant*")),
        Choice("job it's", "false\nsay never"),
    ],
    ['say() {\n  echo "said $1"\n}'],
)


def run(*words: str, script: str = SCRIPT) -> tuple[int, str]:
    done = subprocess.run(["sh", "-s", *words], input=script, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("all", "two"),
        ("job score share search", "search"),
        ("job score share tenant", "tenant"),
        ("job score share tenant7", "tenant7"),
    ],
)
def test_a_script_does_what_its_arguments_name(words: str, said: str) -> None:
    assert run(*words.split()) == (0, f"said {said}\n")


@pytest.mark.parametrize("words", ["", "job", "job score share", "job score share ads", "job score share search7", "*"])
def test_a_script_that_is_asked_for_nothing_it_can_do_lists_what_it_can(words: str) -> None:
    done = subprocess.run(["sh", "-s", *words.split()], input=SCRIPT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "usage: terraform output -raw submission_script | sh -s CHOICE, one of",
        "  all",
        "  job score share search|tenant*",
        "  job it's",
    ]


def test_a_script_ends_with_what_fails() -> None:
    assert run("job", "it's") == (1, "")


def test_any_last_word_may_be_given_where_all_are_known_by_a_star() -> None:
    script = choice_script("a", [Choice("job a share", 'echo "$last"', ("*",))])
    assert run("job", "a", "share", "x", script=script) == (0, "x\n")
    assert run("job", "a", "share", script=script)[0] == 2
