"""`python -m acceptance.faults ID… | --all`: breaks the stack and shows that the named check notices."""

import sys

from acceptance import proof
from acceptance.faults.fault import FOLDER
from acceptance.faults.matrix import prove


def main(arguments: list[str] | None = None) -> int:
    """Exit 0: each fault was killed by its check for its reason, and no benign change by any."""
    parser = proof.parser("acceptance.faults", __doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="faults by the name of their file")
    parser.add_argument("--all", action="store_true", help="every fault of the folder")
    parser.add_argument("--full", action="store_true", help="judge each by the whole profile `full`")
    given = parser.parse_args(arguments)
    refused = [] if given.ids or given.all else ["name the faults to judge, or say --all"]
    return proof.concluded(
        given, refused, lambda run: prove(run, run.settings.faults or FOLDER, tuple(given.ids), given.full)
    )


if __name__ == "__main__":
    sys.exit(main())
