"""`make secrets`: make what is missing of cookie secret, crypt key, proxy token, first user and TLS pair; replace nothing."""

import secrets
import sys

from stack.operate import certificate, engine, stack_files
from stack.operate.settings import Refused, Settings, load
from stack.operate.users import entry, write_private
from stack.operate.verb import verb

# 32 bytes in hex: the form that JupyterHub demands. Made where a stack file declares them.
RANDOM = ("cookie_secret", "crypt_key", "proxy_token", "metrics_token", "edge_secret", "postgres_password")
MADE = (*RANDOM, "users", "tls_cert", "tls_key")             # all others are the operator's to give
FIRST_USER = "admin"


def ensure(settings: Settings, edge: str) -> list[str]:
    """Make the files that are missing, all of mode 600, and return their names. What is there stays as it is.

    Raises Refused where the folder cannot be written.
    """
    try:
        return missing_made(settings, edge)
    except OSError as error:
        raise Refused([f"The secrets cannot be kept in {settings.secrets_dir} ({error.strerror}). Make room there and let"
                       " the user who deploys write it, or name another folder with SECRETS_DIR=…"]) from error


def missing_made(settings: Settings, edge: str) -> list[str]:
    """Make what is missing, and name it. Raises OSError where the folder cannot be written."""
    folder = settings.secrets_dir
    made = [name for name in stack_files.declared(settings, "secrets") if name in RANDOM and not (folder / name).exists()]
    for name in made:
        write_private(folder / name, secrets.token_hex(32).encode())
    if not (folder / "users").exists():
        made += first_user(settings)
    if not settings["TLS_CERT"] and not (folder / "tls_cert").exists():
        made += own_certificate(settings, edge)
    return made


def first_user(settings: Settings) -> list[str]:
    """One user with a password that nobody knows but the reader of the file first_login, where `make open` finds it."""
    password = secrets.token_urlsafe(12)
    write_private(settings.secrets_dir / "users", (entry(FIRST_USER, password) + "\n").encode())
    write_private(settings.secrets_dir / "first_login", f"{FIRST_USER}:{password}\n".encode())
    return ["users", "first_login"]


def own_certificate(settings: Settings, edge: str) -> list[str]:
    """A CA for browsers to trust, and the leaf that nginx serves. The CA's key is dropped: it can sign nothing more."""
    ca, leaf = certificate.make(certificate.host_names(settings["SERVER_NAMES"], edge))
    write_private(settings.secrets_dir / "tls_ca", ca.certificate)
    write_private(settings.secrets_dir / "tls_cert", leaf.certificate + ca.certificate)
    write_private(settings.secrets_dir / "tls_key", leaf.key)
    return ["tls_ca", "tls_cert", "tls_key"]


@verb
def main() -> int:
    """Make what is missing and name it, never its content. 0, or 4 with the complaints on stderr."""
    settings = load()
    made = ensure(settings, engine.edge_host(engine.connect()))
    print(f"secrets in {settings.secrets_dir}: " + (f"made {', '.join(made)}" if made else "all there already"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
