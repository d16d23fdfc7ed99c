"""`python -m acceptance.sandbox up|down|status|env`"""

import argparse
import sys

from acceptance.sandbox import Sandbox


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m acceptance.sandbox", description=__doc__)
    parser.add_argument("verb", choices=["up", "down", "status", "env"])
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--engine-version", default="20.10")
    options = parser.parse_args()
    if options.verb == "up":
        sandbox = Sandbox.kept() or Sandbox.up(options.nodes, options.engine_version, keep=True)
        print(f"export DOCKER_HOST={sandbox.docker_host}")
    if options.verb == "down":
        for sandbox in Sandbox.all():
            sandbox.down()
    if options.verb == "status":
        print(Sandbox.all())
    if options.verb == "env":
        print(f"export DOCKER_HOST={Sandbox.kept().docker_host}")
    return 0


sys.exit(main())
