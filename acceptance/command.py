"""`nbi-acceptance`, the command of the installed package: the harness in any folder, with the packaged checks and stack.

`nbi-acceptance --hub-image=… --profile=image` is `pytest acceptance` of this tree; its reports come into `reports/` of the
folder where it is typed, and are looked for there. `nbi-acceptance WORD …` is `python -m` with the module that COMMANDS names.
"""

import runpy
import sys
from pathlib import Path

TREE = Path(__file__).resolve().parents[1]
# word -> module that ends by itself, and what it is for. Each is told by --help.
COMMANDS = {
    "packages": ("acceptance.sandbox.packages", "install what this machine lacks: docker's client, Chromium (root, Debian)"),
    "verify": ("acceptance.verify", "is this certificate.json of a run still what was written, and does it hold today?"),
    "rejudge": ("acceptance.rejudge", "judge a stored report again, by the rules and waivers of today"),
    "probe": ("acceptance.probe", "one user's journey through a service that runs, as one line of JSON"),
}
HERE = "--reports=reports"  # instead of the tree's, which is the package; what is typed wins


def main() -> int:
    """The exit code of the run, as README lists them; of a word, its module's own."""
    sys.path.insert(0, str(TREE))  # all modules name each other from the top of the tree
    words = sys.argv[1:]
    if words and words[0] in COMMANDS:
        sys.argv[:] = [words[0], *([HERE] if words[0] == "rejudge" else []), *words[1:]]
        runpy.run_module(COMMANDS[words[0]][0], run_name="__main__", alter_sys=True)
        return 0
    if {"-h", "--help"} & {*words}:
        tell()
    return judge(words)


def judge(words: list[str]) -> int:
    """One run of the packaged checks; these words win over what is set here."""
    import pytest  # here: a word may be what installs things on a bare machine

    sys.argv[1:] = ["-c", str(TREE / "tox.ini"), str(TREE / "acceptance"), HERE, *words]
    return pytest.console_main()


def tell() -> None:
    """What pytest's own help, which follows, does not know."""
    print(__doc__)
    for word, (_, meaning) in COMMANDS.items():
        print(f"  nbi-acceptance {word:<10} {meaning}")
    print(flush=True)
