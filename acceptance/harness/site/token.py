"""What the hub takes instead of a login."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Token:
    """An API token: `ident` revokes it, `value` is the secret (never in a repr)."""

    ident: str
    value: str

    def __repr__(self) -> str:
        return f"<Token {self.ident}>"
