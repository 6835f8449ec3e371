"""Hold against AWS what generated environments emit, and ones with each setting at its edges: python -m tests.emitted.

And against the provider each setting that is taken back; and against each other the rules, which may not exclude what
a setting takes by itself.

Too long for every run of the tests, which try 8.
"""

import argparse
import gc
from collections.abc import Iterator
from itertools import chain

from stacks.environment import Environment
from tests.emitted.contradictions import contradictions
from tests.emitted.edges import edge_environments, pairs_of_seconds
from tests.emitted.environment import findings_of
from tests.emitted.generated import generated_environments
from tests.emitted.taking_back import CHECKED_ONLY, destroyed_keys, kept_arguments, settings_taken_back
from tests.synthesized import synthesized


def tried(count: int) -> Iterator[tuple[str, Environment]]:
    """Yield what is tried, each with what it is."""
    generated = ((f"generated {number}", made) for number, made in enumerate(generated_environments(count)))
    edges = (
        (f"{edge.setting}={str(edge.value)[:60]}", edge.environment)
        for edge in chain(edge_environments(), pairs_of_seconds())
    )
    return chain(generated, edges)


def kept() -> Iterator[str]:
    """Yield what the provider would keep of each setting that is taken back, and settings that nothing comes of."""
    settled: set[str] = set()
    silent: set[str] = set()
    count = 0
    base: Environment | None = None
    for item in settings_taken_back(settled):
        count += 1
        if item.before is not base:  # one after the other, many settings of one environment are taken back
            base, before = item.before, synthesized(item.before)
        after = synthesized(item.after)
        yield from (f"{item.setting} taken back: {found} is kept" for found in kept_arguments(before, after))
        lost = destroyed_keys(before, after)
        yield from (f"{item.setting} taken back: {found} is encrypted with a key that is destroyed" for found in lost)
        (settled if before != after else silent).add(item.setting)
    yield from (
        f"{setting} changes nothing that is emitted" for setting in sorted(silent - settled - set(CHECKED_ONLY))
    )
    print(f"{len(settled | silent)} settings taken back, {count} times")


def main() -> int:
    """Print what AWS would refuse, and what a setting leaves behind; return 1 if there is anything."""
    parser = argparse.ArgumentParser(prog="tests.emitted", description=__doc__)
    parser.add_argument("--environments", type=int, default=200, help="how many environments are generated")
    gc.disable()
    count = bad = 0
    for label, made in tried(parser.parse_args().environments):
        count += 1
        for found in findings_of(synthesized(made)):
            bad += 1
            print(f"{label}: {found.path}: {found.value!s:.100}; {found.rule}")
    excluded = (f"{item.setting}={item.value} is never accepted: {item.problems[0]}" for item in contradictions())
    for text in chain(kept(), excluded):
        bad += 1
        print(text)
    print(f"{count} environments synthesized, {bad} findings")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
