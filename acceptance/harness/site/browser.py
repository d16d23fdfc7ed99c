"""A real browser: Debian's Chromium, driven by selenium."""


class Browser:
    """Comes with the next commit."""
