"""`python -m acceptance.faults ID… | --all`: breaks the stack and shows that the named check notices."""

import sys

from acceptance import proof
from acceptance.faults.fault import FOLDER
from acceptance.faults.matrix import prove
from acceptance.faults.runner import ALONE, FULL, SMOKE


def main(arguments: list[str] | None = None) -> int:
    """Exit 0: each fault was killed by its check for its reason, and no benign change by any."""
    parser = proof.parser("acceptance.faults", __doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="faults by the name of their file")
    parser.add_argument("--all", action="store_true", help="every fault of the folder, and the smoke profile on each")
    parser.add_argument("--full", action="store_true", help="on each the whole profile `full`")
    given = parser.parse_args(arguments)
    given.ids = [] if given.all else given.ids
    refused = [] if given.ids or given.all else ["name the faults to judge, or say --all"]
    company = FULL if given.full else SMOKE if given.all else ALONE
    return proof.concluded(
        given, refused, lambda run: prove(run, run.settings.faults or FOLDER, tuple(given.ids), company)
    )


if __name__ == "__main__":
    sys.exit(main())
