"""What kind of mistake a fault is, told by what its patch touches: no fault file says so itself."""

import re
from collections.abc import Iterator
from typing import Any

from acceptance.faults.patch import Patch

NGINX, HUB, SPAWNER, IMAGES = "nginx", "hub settings", "spawner", "images"
NETWORK, LOGIN, SWARM = "network and volumes", "login and secrets", "swarm and engine"
CATEGORIES = (NGINX, HUB, SPAWNER, IMAGES, NETWORK, LOGIN, SWARM)

# The first pattern that a change fits decides. A change reads `place: what stands there before and after`.
RULES = (
    (r"nginx/", NGINX),
    (r"stack/postgres/pg_hba|hub/conf\.d/(?!proxy)|hub/\w*(sign_up|authenticator|users_file)|stack/(ldap|oauth|header)", LOGIN),
    (r"stack/postgres|stack/operate/(volumes|backup|restore|sqlite_copy|database|tars)", NETWORK),
    (r"stack/operate/(secrets|logins|users)", LOGIN),
    (r"hub/singleuser|hub/[^:]*(Dockerfile|requirements|constraints|entrypoint)|[\w-]*[-_](image|IMAGE)\b", IMAGES),
    (r"hub/proxy|hub/conf\.d/proxy|hub/templates", HUB),
    (r"hub/jupyterhub_config\.py:.*([Nn]etwork|[Vv]olume|VOLUME|mount|sqlite|db_url|connect_ip)", NETWORK),
    (r"hub/jupyterhub_config\.py:.*([Aa]uthenticator|xsrf|cookie|token|admin|allow|secret|scope|login|password)", LOGIN),
    (r"hub/jupyterhub_config\.py:.*([Ss]pawner|_limit|placement|constraint)", SPAWNER),
    (r"hub/jupyterhub_config\.py", HUB),
    (r"hub/", SPAWNER),
    (r"stack[^:]*:.*(SUBNET|subnet)|stack [\w. ]*(network|volume)|\w*(SUBNET|VOLUME)", NETWORK),
    (r"(AUTHENTICATOR_CLASS|SIGN_UP|\w+_USERS|LOGIN\w+|TLS_\w+):", LOGIN),
    (r"(NOTEBOOK|SPAWN|START|PLACEMENT|NAMED|PROFILES)\w*:", SPAWNER),
    (r"(CULL|ACTIVITY|LOG|PROXY|HUB)\w*:", HUB),
)


def category_of(patch: Patch) -> str:
    """One of CATEGORIES: what the first change of the patch is about; the stack's own files and acts are the swarm's."""
    first = next(_changes(patch), "act: ")
    return next((category for rule, category in RULES if re.match(rule, first, re.DOTALL)), SWARM)


def _changes(patch: Patch) -> Iterator[str]:
    """Each change as its place and its text, files first."""
    for each in patch.replace:
        yield f"{each['file']}: {each['find']} {each['with']}"
    for each in (*patch.append, *patch.write):
        yield f"{each['file']}: {each['text']}"
    yield from (f"{name}: " for name in patch.delete)
    yield from (f"stack {'.'.join(path)}: " for path in _paths(patch.stack) if path)
    yield from (f"{name}: {value}" for name, value in {**patch.environment, **patch.options}.items())


def _paths(tree: Any) -> Iterator[tuple[str, ...]]:
    if not isinstance(tree, dict) or not tree:
        yield ()
        return
    for key, value in tree.items():
        yield from ((key, *rest) for rest in _paths(value))
