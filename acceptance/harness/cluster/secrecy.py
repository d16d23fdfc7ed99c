"""Where a secret might have been left: image layers, service specs, logs. Each place can be asked whether it holds a value."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from acceptance.harness.cluster.stack import Stack

PIECE = 4 << 20         # bytes read at once; an image is not held whole


@dataclass(frozen=True)
class Place:
    """One place, of a kind: layers, specs or logs. `read` gives its bytes anew at each call."""

    kind: str
    name: str
    read: Callable[[], Iterator[bytes]]

    def held(self, values: dict[str, bytes]) -> list[str]:
        """The names of the values that stand here. Raises ValueError for a place that had nothing to read."""
        longest, tail, found, total = max(map(len, values.values()), default=0), b"", set(), 0
        for piece in self.read():
            total += len(piece)
            window = tail + piece
            found |= {name for name, value in values.items() if value in window}
            tail = window[-longest:]
        if not total:
            raise ValueError(f"{self.name} gave nothing to search: it proves nothing")
        return sorted(found)


def places_of(stack: Stack) -> list[Place]:
    """The layers of every image in use, the spec of every service of the run, and the logs of all containers of each."""
    services = stack.services() + stack.servers()
    client = stack.engine.client
    images = {service.image_id(): service.name for service in services}
    layers = [Place("layers", f"image of {name}", lambda ident=ident: client.images.get(ident).save(chunk_size=PIECE))
              for ident, name in images.items()]
    specs = [Place("specs", f"spec of {service.name}", lambda service=service: iter([json.dumps(service.attrs).encode()]))
             for service in services]
    # Together: a container that an update replaced at once had nothing to say, and has nothing to hide.
    logs = [Place("logs", f"logs of {service.name}",
                  lambda service=service: (container.logs() for container in stack.containers_of(service)))
            for service in services]
    return layers + specs + logs
