"""`python -m acceptance.flakes`: judges the stack many times by the ordinary command; what was judged is not judged again."""

import argparse
import sys

from acceptance import proof
from acceptance.flakes.repeat import prove
from acceptance.harness.options import PROFILES

RUNS = 20
MOST = 1000
FRESH = 3   # of 20


def main(arguments: list[str] | None = None) -> int:
    """Exit 0: every promise was kept in every run at this state of the tree, now or earlier."""
    parser = proof.parser("acceptance.flakes", __doc__)
    parser.add_argument("--profile", help=f"what each run is judged by: {', '.join(PROFILES)}; core unless said")
    parser.add_argument("--runs", help=f"how many runs in all, earlier ones at this state counted; {RUNS} unless said")
    parser.add_argument("--fresh", help=f"how many of them begin without an image; {FRESH} of {RUNS} unless said")
    given = parser.parse_args(arguments)
    runs, fresh, refused = wanted(given)
    return proof.concluded(given, refused, lambda run: prove(run, runs, fresh))


def wanted(given: argparse.Namespace) -> tuple[int, int, list[str]]:
    """How many runs, how many of them fresh, and all that is wrong with these wishes."""
    refused = [f"{name.upper()}={value}: not a whole number from {least} to {MOST}"
               for name, value, least in (("n", given.runs, 1), ("fresh", given.fresh, 0))
               if value and not (value.isascii() and value.isdigit() and least <= int(value) <= MOST)]
    if refused:
        return 0, 0, refused
    runs = int(given.runs or RUNS)
    on_one_engine = given.engine == "current"   # which the caller chose, and which is nobody's to wipe
    fresh = int(given.fresh or (0 if on_one_engine else -(-runs * FRESH // RUNS)))
    if fresh > runs:
        refused.append(f"FRESH={fresh} of N={runs} runs: there are not so many")
    if fresh and on_one_engine:
        refused.append(f"FRESH={fresh} asks for sandboxes and ENGINE=current for none: say FRESH=0, or leave ENGINE out")
    return runs, fresh, refused


if __name__ == "__main__":
    sys.exit(main())
