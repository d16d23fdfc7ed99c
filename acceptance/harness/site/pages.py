"""Reading a page as a person does: the words on it, and the fields of its form."""

from html.parser import HTMLParser

UNREAD = {
    "script",
    "style",
    "noscript",
    "head",
    "nav",
    "template",
}  # what is not on the screen, and the hub's menu
HIDDEN = {"hidden", "modal", "visually-hidden"}  # classes by which the hub keeps text off the screen
APART = {"p", "h1", "h2", "h3", "div", "li", "tr", "br", "label", "form", "summary", "td", "th"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Reader(HTMLParser):
    """Collects visible text and input fields in one pass."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.fields: dict[str, str] = {}
        self._open: list[
            tuple[str, bool]
        ] = []  # the elements around this place, and whether each is off the screen

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in APART:
            self.pieces.append("\n")
        unticked = given.get("type") in ("radio", "checkbox") and "checked" not in given
        if tag == "input" and given.get("name") and not unticked:
            self.fields[given["name"] or ""] = given.get("value") or ""
        if tag not in VOID:
            self._open.append((tag, tag in UNREAD or bool(HIDDEN & set((given.get("class") or "").split()))))

    def handle_endtag(self, tag: str) -> None:
        while any(name == tag for name, _ in self._open):  # an unclosed element ends with the one around it
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if not any(hidden for _, hidden in self._open):
            self.pieces.append(data)


def words_on(html: str) -> str:
    """The text that a person reads on this page, a line a block, without the hub's menu."""
    lines = ("".join(_read(html).pieces)).splitlines()
    return "\n".join(squeezed for line in lines if (squeezed := " ".join(line.split())))


def fields_of(html: str) -> dict[str, str]:
    """The form fields of this page with their values, as they would be sent: hidden ones too, unticked ones not."""
    return _read(html).fields


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader
