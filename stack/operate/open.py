"""`make open`: where the service is, what to trust, and a first login."""

import sys

from stack.operate import engine
from stack.operate.settings import Settings, load
from stack.operate.stack_objects import port_of, service_of
from stack.operate.verb import verb

SIGN_UP = "sign_up.SignUpAuthenticator"
OURS = (SIGN_UP, "users_file.UsersFileAuthenticator")     # both let in who stands in the users file


@verb
def main() -> int:
    """Print URL, CA file and first login. 0; 1 if nothing is deployed; 4 without an engine."""
    settings = load()
    client = engine.manager()
    edge = service_of(client, settings, "nginx")
    if edge is None:
        print(f"No stack {settings.stack} is deployed. `make deploy` starts it.", file=sys.stderr)
        return 1
    told = [engine.edge_url(client, port_of(edge, 443) or settings["HTTPS_PORT"])]
    if not settings["TLS_CERT"]:
        told.append(f"certificate: signed by {settings.secrets_dir / 'tls_ca'}; let your browser trust it")
    print("\n".join(told + logins(settings)))    # at once: `| head -1` takes the URL and goes
    return 0


def logins(settings: Settings) -> list[str]:
    """A first login and the ways to more, as far as they are ours to know."""
    if settings["AUTHENTICATOR_CLASS"] not in OURS:
        return [f"who may log in: {settings['AUTHENTICATOR_CLASS']} decides"]
    first = settings.secrets_dir / "first_login"
    name, _, password = first.read_text().strip().partition(":") if first.exists() else ("", "", "")
    found = [f"first login: {name}   password: {password}"] if name else []
    found.append("more users: make user NAME=…, then make deploy")
    if settings["AUTHENTICATOR_CLASS"] == SIGN_UP and settings["SIGN_UP"] == "1":
        found.append("or they sign up at the login page, and an admin approves them there")
    return found


if __name__ == "__main__":
    sys.exit(main())
