"""`make open`: where the service is, what to trust, and a first login."""

import sys

from stack.operate import engine
from stack.operate.settings import load
from stack.operate.stack_objects import services_of
from stack.operate.verb import verb


@verb
def main() -> int:
    """Print URL, CA file and first login. 0; 1 if nothing is deployed; 4 without an engine."""
    settings = load()
    client = engine.manager()
    if not services_of(client, settings):
        print(f"No stack {settings.stack} is deployed. `make deploy` starts it.", file=sys.stderr)
        return 1
    print(engine.edge_url(client, settings["HTTPS_PORT"]))
    if not settings["TLS_CERT"]:
        print(f"certificate: signed by {settings.secrets_dir / 'tls_ca'}; let your browser trust it")
    first = settings.secrets_dir / "first_login"
    if first.exists():
        name, _, password = first.read_text().strip().partition(":")
        print(f"first login: {name}   password: {password}")
    print("more users: make user NAME=…, then make deploy")
    return 0


if __name__ == "__main__":
    sys.exit(main())
