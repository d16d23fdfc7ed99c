"""A private swarm of real Docker engines on this machine, for acceptance runs and for `make deploy`."""

import argparse
import signal
import sys
from pathlib import Path

from acceptance.harness.errors import EngineError, SettingsError
from acceptance.harness.settings import environment
from acceptance.sandbox import choice, down, status
from acceptance.sandbox.sandbox import Sandbox
from acceptance.sandbox.slot import cache_folder

ROOT = Path(__file__).parents[2]
EPILOG = """Engines and their images stay in ${XDG_CACHE_HOME:-~/.cache}/nbi-jupyter-service: remove that
folder to have the disk back. Swarms, containers, networks and volumes do not outlive their sandbox."""


def parser() -> argparse.ArgumentParser:
    """The command line of the sandbox."""
    top = argparse.ArgumentParser(prog="python -m acceptance.sandbox", description=__doc__, epilog=EPILOG)
    verbs = top.add_subparsers(dest="verb", required=True, metavar="up|down|status|env")
    up = verbs.add_parser("up", help="start a sandbox and keep it; one that is kept already is used as it is")
    up.add_argument("--nodes", type=int, default=1, help="how many engines, 1 to 9; the first is the manager")
    up.add_argument(
        "--tls", action="store_true", help="the manager also listens on port 2376, by TLS; says with what files"
    )
    down_ = verbs.add_parser("down", help="end kept sandboxes and remove what dead runs left; images stay")
    down_.add_argument(
        "--all", action="store_true", help="also those that a living run is using: that run will fail"
    )
    verbs.add_parser("status", help="what there is, in words")
    env = verbs.add_parser(
        "env", help="print the lines for a shell's eval; nothing where the client reaches an engine"
    )
    env.add_argument(
        "--engine",
        choices=["auto", "current", "sandbox"],
        default="sandbox",
        help="which engine is meant; "
        "auto: the docker client's if it answers, else the kept sandbox (default: sandbox)",
    )
    env.add_argument("--start", action="store_true", help="start a sandbox where none is kept")
    for verb in (up, env):
        verb.add_argument(
            "--engine-version",
            default=environment().get("ENGINE_VERSION") or None,
            help="20.10 or 26.1 (default: $ENGINE_VERSION, else whichever is kept, else 20.10)",
        )
    return top


def run(options: argparse.Namespace) -> list[str]:
    """Do what the command line says; returns what belongs on stdout."""
    if options.verb == "up":
        versions = {"engine_version": options.engine_version} if options.engine_version else {}
        sandbox = Sandbox.kept(options.engine_version, options.nodes, options.tls) or Sandbox.up(
            options.nodes, keep=True, tls_of=ROOT if options.tls else None, **versions
        )
        by_tls = [f"# by TLS: tcp://{sandbox.address}:2376, with docker_ca, docker_cert, docker_key in {sandbox.nodes[0].tls}"]
        return choice.exports(sandbox.docker_host) + (by_tls if options.tls else [])
    if options.verb == "env":
        return choice.shell_lines(options.engine, options.start, options.engine_version, say=_to_stderr)
    if options.verb == "down":
        return down.everything(cache_folder(), also_in_use=options.all)
    return status.lines(cache_folder())


def main() -> int:
    """Exit codes: 0 done, 1 the machine or an engine said no, 2 interrupted, 4 bad input."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both ways of being stopped clean up
    try:
        print(*run(parser().parse_args()), sep="\n")
    except SettingsError as complaint:
        _to_stderr(complaint)
        return 4
    except EngineError as refusal:
        _to_stderr(refusal)
        return 1
    except KeyboardInterrupt:
        _to_stderr("interrupted; what was begun has been removed")
        return 2
    return 0


def _to_stderr(words) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
