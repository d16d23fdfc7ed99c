"""A page from its template: one file that fetches nothing, whatever words it is given."""

from pathlib import Path

import jinja2

OURS = Path(__file__).parent  # the report's own templates, whose style others include


def rendered(template: str, *folders: Path, **told: object) -> str:
    """The template of that name, from the folders or from here. Raises jinja2.UndefinedError where a word is not told."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*folders, OURS]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**told)
