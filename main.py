"""Terrabatch: Terraform for AI batch inference on AWS. ``python main.py --help`` tells what it can do.

Called without a command it synthesizes, which is what ``cdktf`` expects of an app.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from stacks.environments import ENVIRONMENTS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status: 0 done, 2 the settings cannot be built."""
    options = _parser().parse_args(arguments)
    from stacks.loading import EnvironmentsError  # noqa: PLC0415  pydantic is not needed to print help

    try:
        return int(options.run(options))
    except EnvironmentsError as error:
        _print_problems(error)
        return 2


def synth(options: argparse.Namespace) -> int:
    """Write the Terraform of the chosen environments."""
    start = time.perf_counter()
    from stacks.loading import load_environments  # noqa: PLC0415

    environments = load_environments(options.environment)
    from stacks.synthesis import synthesize  # noqa: PLC0415  starts Node, which only a valid platform needs

    stacks = synthesize(environments, complete=not options.environment)
    if not options.quiet:
        from stacks.summary import print_summary  # noqa: PLC0415

        print_summary(stacks, time.perf_counter() - start)
    return 0


def check(options: argparse.Namespace) -> int:
    """Check the chosen environments; write nothing, start nothing."""
    from stacks.loading import load_environments  # noqa: PLC0415

    environments = load_environments(options.environment)
    if not options.quiet:
        print(f"{', '.join(environment.name for environment in environments)}: no problems")
    return 0


def list_environments(options: argparse.Namespace) -> int:
    """Print the names of the environments."""
    del options
    print("\n".join(ENVIRONMENTS))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py",
        description="Terraform for AI batch inference on AWS. Without a command: synth.",
        parents=[_choice(default=[])],
    )
    parser.set_defaults(run=synth, quiet=False)
    # Left out where not given: a command's own default would overwrite what stands before the command.
    choice = _choice(default=argparse.SUPPRESS)
    commands = parser.add_subparsers(title="commands", metavar="")
    for name, run, parents in (
        ("synth", synth, [choice]),
        ("check", check, [choice]),
        ("list", list_environments, []),
    ):
        command = commands.add_parser(name, help=(run.__doc__ or "").split("\n")[0], parents=parents)
        command.set_defaults(run=run)
    return parser


def _choice(default: list[str] | str) -> argparse.ArgumentParser:
    """Return the options that choose environments."""
    choice = argparse.ArgumentParser(add_help=False)
    choice.add_argument(
        "--environment", action="append", default=default, metavar="NAME", help="only this environment; repeatable"
    )
    choice.add_argument("--quiet", action="store_true", default=argparse.SUPPRESS, help="print nothing but problems")
    return choice


def _print_problems(error: Exception) -> None:
    from stacks.loading import EnvironmentsError  # noqa: PLC0415

    if not isinstance(error, EnvironmentsError):
        raise error
    for settings_error in error.errors:
        for problem in settings_error.problems:
            where = f"\n    at {problem.where}" if problem.where else ""
            print(f"{settings_error.subject}: {problem}{where}", file=sys.stderr)
    count = sum(len(settings_error.problems) for settings_error in error.errors)
    print(f"{count} problem{'s' if count > 1 else ''}; nothing was written", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
