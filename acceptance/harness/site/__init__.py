"""What a user meets: the edge over HTTP, websockets and a browser. Knows nothing of Docker."""

from acceptance.harness.site.answer import Answer, Refused
from acceptance.harness.site.approvals import Approvals
from acceptance.harness.site.browser import Browser
from acceptance.harness.site.impostor import Impostor
from acceptance.harness.site.kernel import Cell, Kernel, KernelDied, KernelError, Reply
from acceptance.harness.site.server import Server
from acceptance.harness.site.site import Site
from acceptance.harness.site.spawn import SpawnFailed
from acceptance.harness.site.ticking import Ticking
from acceptance.harness.site.traffic import Load, Traffic, wait_until_served
from acceptance.harness.site.transcript import Transcript
from acceptance.harness.site.user import User
from acceptance.harness.site.visitor import Visitor

__all__ = [
    "Answer",
    "Approvals",
    "Browser",
    "Cell",
    "Impostor",
    "Kernel",
    "KernelDied",
    "KernelError",
    "Load",
    "Refused",
    "Reply",
    "Server",
    "Site",
    "SpawnFailed",
    "Ticking",
    "Traffic",
    "Transcript",
    "User",
    "Visitor",
    "wait_until_served",
]
