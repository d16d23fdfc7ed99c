"""`python -m acceptance.hub_images [ID…]`: judges hub images of many kinds, and whether each was told what it is worth."""

import sys

from acceptance import proof
from acceptance.hub_images.table import prove


def main(arguments: list[str] | None = None) -> int:
    """Exit 0: each was judged rightly, now or earlier at this very state of the tree."""
    parser = proof.parser("acceptance.hub_images", __doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="images of images.yaml")
    given = parser.parse_args(arguments)
    return proof.concluded(given, [], lambda run: prove(run, tuple(given.ids)))


if __name__ == "__main__":
    sys.exit(main())
