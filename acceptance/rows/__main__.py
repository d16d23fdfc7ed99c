"""`python -m acceptance.rows [ID…]`: judges each way to deploy the stack by the checks that it could break."""

import sys

from acceptance import proof
from acceptance.rows.table import prove


def main(arguments: list[str] | None = None) -> int:
    """Exit 0: every row kept all its promises, now or earlier at this very state of the tree."""
    parser = proof.parser("acceptance.rows", __doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="rows of rows.yaml")
    given = parser.parse_args(arguments)
    return proof.concluded(given, [], lambda run: prove(run, tuple(given.ids)))


if __name__ == "__main__":
    sys.exit(main())
