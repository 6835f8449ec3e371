"""Terrabatch: Terraform for AI batch inference on AWS. ``python main.py --help`` tells what it can do.

Called without a command it synthesizes, which is what ``cdktf`` expects of an app.
"""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036  it is the user who chooses
    sys.exit(f"Terrabatch needs Python 3.11 or newer, this is {sys.version.split()[0]}; run .venv/bin/python main.py")

if __name__ == "__main__":

    def end_quietly(kind: type[BaseException], error: BaseException, _: object) -> None:
        """End in one word what Ctrl-C interrupts before ``main`` can: the imports below take their time."""
        if kind is not KeyboardInterrupt:
            sys.__excepthook__(kind, error, error.__traceback__)
            return
        os.write(2, b"interrupted\n")
        os._exit(130)

    sys.excepthook = end_quietly

import argparse
import gc
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

START = time.perf_counter()
FOLDER = "terrabatch-stacks-"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status.

    0: done; 1: the system refused, or a rehearsal fell short; 2: settings were refused; 3: not rehearsed; 130: Ctrl-C.
    """
    try:
        # As it is now: what follows adds what is meant for jsii's Node.
        return _printed(_run(sys.argv[1:] if arguments is None else arguments, dict(os.environ)))
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if Path(__file__).with_name(package).exists():
            raise
        start = "run make synth, which sets up .venv, and then .venv/bin/python main.py"
        print(f"no package {package} for {sys.executable}; {start}", file=sys.stderr)
        return 1
    except OSError as error:  # a folder that cannot be written to, a Node that is not there
        print(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", file=sys.stderr)
        return 1


def _run(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    own, handed_on = list(arguments), []
    if "--" in own:
        at = own.index("--")
        own, handed_on = own[:at], own[at + 1 :]
    options = _parser().parse_args(own, argparse.Namespace(handed_on=handed_on, environ=environ))
    if handed_on and options.run not in (diff, deploy):
        return _refuse("only diff and deploy hand on what stands after --, to Terraform")
    options.environment = [*options.environment, *options.names]
    from modules.problems import SettingsError  # noqa: PLC0415  pydantic is not needed to print help
    from modules.settings import BrokenCheckError  # noqa: PLC0415
    from stacks.loading import EnvironmentsError  # noqa: PLC0415

    try:
        return int(options.run(options))
    except EnvironmentsError as error:
        _print_problems(error.errors)
    except SettingsError as error:  # by a construct, which checks what it is built with once more
        _print_problems([error])
    except BrokenCheckError as error:
        print(f"{error}\nThis is a fault of Terrabatch, not of your settings; nothing was written", file=sys.stderr)
        return 1
    return 2


def _printed(status: int) -> int:
    """Return ``status`` when all is printed, or when nobody reads it any more."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at its end
    return status


def synth(options: argparse.Namespace) -> int:
    """Write the Terraform of the chosen environments."""
    environments = _chosen(options)
    _tell_of_unlisted(options)
    if options.environ.get("SYNTH_HCL_OUTPUT") == "true":
        return _refuse("cdktf 0.21 writes HCL that Terraform cannot read; leave --hcl out, Terraform reads JSON too")
    from stacks.synthesis import synthesize  # noqa: PLC0415  starts Node, which only a valid platform needs

    stacks = synthesize(environments, _output(options), complete=not options.environment)
    if not options.quiet:
        from stacks.summary import print_summary  # noqa: PLC0415

        print_summary(stacks, time.perf_counter() - START)
    return 0


def check(options: argparse.Namespace) -> int:
    """Check the chosen environments; write nothing, start nothing."""
    environments = _chosen(options)
    _tell_of_unlisted(options)
    if not options.quiet:
        from stacks.quotas import quota_notes  # noqa: PLC0415

        print(f"{', '.join(environment.name for environment in environments)}: no problems")
        for name, told in ((item.name, told) for item in environments for told in quota_notes(item)):
            print(f"note: {name}: {told}", file=sys.stderr)
    return 0


def _chosen(options: argparse.Namespace) -> list[Any]:
    """Return the environments that the command is about: all, if none is named."""
    from stacks.loading import load_environments  # noqa: PLC0415

    return load_environments(options.environment)


@contextmanager
def _synthesized(environments: Sequence[Any]) -> Iterator[Path]:
    """Write the Terraform of environments into a folder of its own, for as long as it is needed."""
    from stacks.synthesis import synthesize  # noqa: PLC0415  starts Node

    with TemporaryDirectory(prefix=FOLDER) as folder:
        synthesize(environments, Path(folder), complete=True)
        yield Path(folder)


def _tell_of_unlisted(options: argparse.Namespace) -> None:
    from stacks.environment_list import unlisted  # noqa: PLC0415
    from stacks.loading import PACKAGE  # noqa: PLC0415

    for told in () if options.quiet else unlisted(PACKAGE):
        print(f"note: {told}", file=sys.stderr)


def list_environments(options: argparse.Namespace) -> int:
    """Print the names of the environments."""
    del options
    from stacks.loading import environment_names  # noqa: PLC0415

    print("\n".join(environment_names()))
    return 0


def diff(options: argparse.Namespace) -> int:
    """Show what Terraform would change in one environment."""
    return _run_terraform("diff", options)


def deploy(options: argparse.Namespace) -> int:
    """Deploy all stacks of one environment, each after those it reads."""
    return _run_terraform("deploy", options)


def rehearse(options: argparse.Namespace) -> int:
    """Apply the chosen environments with the real AWS provider to a local AWS."""
    from rehearsal.command import NOT_REHEARSED, missing, rehearse  # noqa: PLC0415

    environments = _chosen(options)
    if lacking := missing(options.environ):
        print(f"not rehearsed: {lacking}", file=sys.stderr)
        return NOT_REHEARSED
    from stacks.revisions import synthesize_other  # noqa: PLC0415

    names = [environment.name for environment in environments]
    with _synthesized(environments) as first, TemporaryDirectory(prefix=FOLDER) as other:
        then = Path(other, "then") if options.then else None
        if then and (refusal := synthesize_other(options.then, names, then, options.environ)):
            return _refuse(f"--then {options.then}: {refusal}")
        return rehearse([first], then, options.environ, keep=options.keep, as_json=options.json)


def bundle(options: argparse.Namespace) -> int:
    """Write what a platform team needs of the chosen environments: a folder and an archive each."""
    from handover.command import write  # noqa: PLC0415
    from handover.options import Options  # noqa: PLC0415

    if options.as_modules and options.partial_backend:
        return _refuse("--partial-backend is for root modules, and --as-modules writes none with a backend")
    environments = [] if options.source else _chosen(options)
    runbook = Path(__file__).parent / "docs" / "runbook.md"
    chosen = Options(
        as_modules=options.as_modules,
        partial_backend=options.partial_backend,
        chapters=runbook.read_text(encoding="utf-8") if runbook.is_file() else "",
        hcl=options.hcl,
        findings=tuple(map(Path, options.findings)),
        lock_with=options.environ if options.lock else None,
    )
    if options.source:
        return write(Path(options.source), Path(options.to), chosen, options.environment, quiet=options.quiet)
    with _synthesized(environments) as folder:
        return write(folder, Path(options.to), chosen, quiet=options.quiet)


def graph(options: argparse.Namespace) -> int:
    """Draw the chosen environments and their pipelines, as SVG and as Mermaid."""
    from handover.pictures.command import draw  # noqa: PLC0415

    with _synthesized(_chosen(options)) as folder:
        return draw(folder, Path(options.to), options.pipeline, quiet=options.quiet)


def report(options: argparse.Namespace) -> int:
    """Write a page about each of the chosen environments: settings, permissions, findings, limits."""
    from reporting.command import missing, write  # noqa: PLC0415
    from stacks.loading import load_environments  # noqa: PLC0415

    environments = load_environments()
    chosen = _chosen(options)
    if lacking := missing():
        print(f"no report: {lacking}", file=sys.stderr)
        return 1
    names = [environment.name for environment in chosen]
    with TemporaryDirectory(prefix=FOLDER) as folder, _synthesized(chosen) as now:
        before = Path(folder, "before")
        if options.since and (refusal := _read_or_synthesize(options.since, names, before, options.environ)):
            return _refuse(f"--since {options.since}: {refusal}")
        return write(
            environments,
            now,
            Path(options.to),
            scans=[Path(file) for file in options.findings],
            since=(options.since, before if before.exists() else Path(options.since)) if options.since else None,
            quiet=options.quiet,
        )


def compare(options: argparse.Namespace) -> int:
    """Say what applying one environment, bundle or revision would change of another; needs no Terraform."""
    from handover.compare_command import refusals, run  # noqa: PLC0415
    from stacks.loading import environment_names  # noqa: PLC0415

    refuse = [kind for kind in options.refuse.split(",") if kind]
    if unknown := [kind for kind in refuse if kind not in refusals()]:
        return _refuse(f"--refuse must be some of {', '.join(refusals())}, got {unknown[0]!r}")
    places = (options.before, options.after)
    named = [place for place in places if place in environment_names()]
    names = options.environment or (named if len(named) == 1 else [])
    with TemporaryDirectory(prefix=FOLDER) as folder:
        before, after = (Path(folder, name) for name in ("before", "after"))
        for place, output in zip(places, (before, after), strict=True):
            if refusal := _read_or_synthesize(place, names, output, options.environ):
                return _refuse(f"{place}: {refusal}")
        return run(
            before if before.exists() else Path(options.before),
            after if after.exists() else Path(options.after),
            names,
            as_markdown=options.markdown,
            as_json=options.json,
            exit_code=options.exit_code,
            refuse=refuse,
        )


def _read_or_synthesize(place: str, names: Sequence[str], output: Path, environ: Mapping[str, str]) -> str:
    """Write the stacks of a place into ``output`` unless it has them already; return why that could not be done."""
    from handover.reading import is_readable  # noqa: PLC0415
    from stacks.loading import environment_names, load_environments  # noqa: PLC0415
    from stacks.revisions import synthesize_other  # noqa: PLC0415
    from stacks.synthesis import synthesize  # noqa: PLC0415

    if place in environment_names():
        synthesize(load_environments([place]), output, complete=True)
        return ""
    return "" if is_readable(Path(place)) else synthesize_other(place, names, output, environ)


def _run_terraform(action: str, options: argparse.Namespace) -> int:
    from stacks.loading import environment_names  # noqa: PLC0415

    if len(options.environment) != 1:
        known = environment_names()
        return _refuse(f"{action} needs one environment, such as ENVIRONMENT={known[0]}; known: {', '.join(known)}")
    environments = _chosen(options)
    from stacks import deployment  # noqa: PLC0415

    state = environments[0].state
    lacking = [*deployment.missing(state, options.environ), *deployment.misplaced(state, _output(options))]
    if action == "deploy":
        lacking += deployment.elsewhere(state)
    if lacking:
        return _refuse(*(f"{action}: {problem}" for problem in lacking))
    from stacks.synthesis import synthesize  # noqa: PLC0415

    stacks = synthesize(environments, _output(options), complete=False)
    for told in () if options.quiet else deployment.notes(state, stacks):
        print(f"note: {told}", file=sys.stderr)
    return deployment.run(action, stacks, options.handed_on, options.environ)


def _output(options: argparse.Namespace) -> Path:
    """Return where the stacks go; the CLI tells its apps through the process environment."""
    return Path(options.environ.get("CDKTF_OUTDIR") or "cdktf.out")


def _refuse(*problems: str) -> int:
    print(*problems, sep="\n", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py",
        description="Terraform for AI batch inference on AWS. Without a command: synth.",
        parents=[_choice(default=[])],
    )
    parser.set_defaults(run=synth, quiet=False, names=[])
    # Left out where not given: a command's own default would overwrite what stands before the command.
    choice, chosen = (_choice(default=argparse.SUPPRESS) for _ in range(2))
    choice.add_argument("names", nargs="*", metavar="NAME", help="the same as --environment NAME")
    commands = parser.add_subparsers(title="commands", metavar="command")
    made = {}
    for run in (synth, check, list_environments, diff, deploy, rehearse, bundle, graph, report, compare):
        after = "After --: arguments for Terraform, e.g. -- -no-color" if run in (diff, deploy) else None
        command = commands.add_parser(
            run.__name__.partition("_")[0],
            help=(run.__doc__ or "").split("\n")[0],
            parents=[] if run is list_environments else [chosen] if run is compare else [choice],
            epilog=after,
        )
        command.set_defaults(run=run)
        made[run] = command
    made[rehearse].add_argument(
        "--then", metavar="REVISION|FOLDER", help="plan another state of the project over it, and apply that"
    )
    made[rehearse].add_argument("--keep", action="store_true", help="do not destroy; keep states and logs")
    made[rehearse].add_argument("--json", action="store_true", help="print one JSON document at the end")
    made[compare].add_argument("before", metavar="BEFORE", help="an environment, a bundle, a folder, a revision of git")
    made[compare].add_argument("after", metavar="AFTER", help="the same; . is this checkout")
    made[compare].add_argument("--markdown", action="store_true", help="print it for a pull request")
    made[compare].add_argument("--json", action="store_true", help="print one JSON document")
    made[compare].add_argument("--exit-code", action="store_true", help="end with 3 where anything is different")
    made[compare].add_argument(
        "--refuse", default="", metavar="KIND,…", help="end with 3 for any of these, e.g. replace,data-loss"
    )
    made[bundle].add_argument(
        "--as-modules", action="store_true", help="child modules, to be called from other Terraform"
    )
    made[bundle].add_argument(
        "--partial-backend", action="store_true", help="leave out of backend blocks what -backend-config says then"
    )
    made[bundle].add_argument(
        "--hcl", action="store_true", help="in Terraform's own language, where it reads back as the same"
    )
    made[bundle].add_argument(
        "--lock", action="store_true", help="have Terraform write .terraform.lock.hcl; needs the provider"
    )
    made[bundle].add_argument(
        "--from", dest="source", metavar="FOLDER", help="stacks that are synthesized already, such as those of examples"
    )
    made[bundle].add_argument("--to", default="bundles", metavar="FOLDER", help="where they go; without: bundles")
    for run in (bundle, report):
        made[run].add_argument(
            "--findings",
            action="append",
            default=[],
            metavar="FILE|FOLDER",
            help="JSON of checkov or of proofs, or a folder of it; repeatable",
        )
    made[report].add_argument(
        "--since", metavar="REVISION|FOLDER", help="say what is different since then; also a bundle"
    )
    made[report].add_argument("--to", default="reports", metavar="FOLDER", help="where they go; without: reports")
    made[graph].add_argument(
        "--pipeline", action="append", default=[], metavar="NAME", help="only this pipeline; repeatable"
    )
    made[graph].add_argument(
        "--to", "--output", default="pictures", metavar="FOLDER", help="where they go; without: pictures"
    )
    return parser


def _choice(default: list[str] | str) -> argparse.ArgumentParser:
    """Return the options that choose environments."""
    choice = argparse.ArgumentParser(add_help=False)
    choice.add_argument(
        "--environment", action="append", default=default, metavar="NAME", help="only this environment; repeatable"
    )
    choice.add_argument("--quiet", action="store_true", default=argparse.SUPPRESS, help="print nothing but problems")
    return choice


def _print_problems(errors: Sequence[Any]) -> None:
    """Print the problems of SettingsErrors, each with its place."""
    from modules.printable import printable  # noqa: PLC0415

    problems = [(error.subject, problem) for error in errors for problem in error.problems]
    for subject, problem in problems:
        where = f"\n    at {printable(problem.where, 500)}" if problem.where else ""
        print(f"{printable(subject, 100)}: {problem}{where}", file=sys.stderr)
    print(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}; nothing was written", file=sys.stderr)


if __name__ == "__main__":
    gc.disable()  # hardly anything that is made here is garbage, and looking for it takes 6 % of a synth
    status = main()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done but for the end of Node
    if status == 130:
        sys.unraisablehook = lambda _: None  # Node was interrupted, too, and may not be there to be ended
    sys.exit(status)
