"""Names of a user's service and volume: readable, safe for Docker and DNS, and no two alike.

Swarm takes at most 63 characters for a service (a DNS label). A name therefore ends in a hash of everything
that tells it from others; the part before it is for people who read `docker service ls`, and may be cut or
lossy without harm.
"""

import base64
import hashlib
import json
import re
import unicodedata
from urllib.parse import quote

LONGEST = 63
_STACK_PART = 24  # leaves at least 20 characters for the user's name
_HASH_PART = 16  # base32 of 80 bits: two alike among a million names has a chance of 1 in 10^12


def service_name(stack: str, user: str, server: str = "") -> str:
    """Name of the service that runs `server` of `user`: `[a-z0-9-]{1,63}`, another for each triple."""
    return _name("service", stack, user, server)


def volume_name(stack: str, user: str) -> str:
    """Name of the volume that holds the files of `user`, whichever of the user's servers mounts it."""
    return _name("volume", stack, user)


def client_id(user: str, server: str) -> str:
    """The OAuth client id, also the cookie's name, of the named server `server` of `user`.

    JupyterHub itself puts a dash between them, so that a server `b` of `a` takes the login of user `a-b`'s
    server away. An escaped name has no `!`, and a cookie's name may have one.
    """
    return f"jupyterhub-user-{quote(user)}!{server}"


def _name(kind: str, stack: str, *parts: str) -> str:
    digest = _digest(kind, stack, *parts)
    prefix = _readable(stack)[:_STACK_PART].strip("-")
    room = LONGEST - len(prefix) - len(digest) - 2
    owner = _readable("-".join(part for part in parts if part))[:room].strip("-")
    return "-".join(part for part in (prefix, owner, digest) if part)


def _digest(*parts: str) -> str:
    # A JSON list, because joined strings would make one of ("a", "b-c") and ("a-b", "c").
    whole = hashlib.sha256(json.dumps(parts).encode()).digest()
    return base64.b32encode(whole[: _HASH_PART * 5 // 8]).decode().lower()


def _readable(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
