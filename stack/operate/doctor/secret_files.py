"""Whether the files behind the secrets are the operator's own to read."""

import stat
from pathlib import Path

from stack.operate import preflight, stack_files
from stack.operate.doctor.facts import Facts
from stack.operate.doctor.finding import Finding, bad, ok, warn

NAME = "secrets"
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def look(facts: Facts) -> list[Finding]:
    """The folder, and each file in it or named by a stack file."""
    folder = facts.settings.secrets_dir
    paths = {*stack_files.files(facts.settings, "secrets").values(), *(folder.iterdir() if folder.is_dir() else ())}
    modes = {path: path.stat().st_mode for path in sorted(paths) if path.is_file() and not is_public(path)}
    return judged(folder, folder.stat().st_mode if folder.is_dir() else None, modes, preflight.secrets(facts.settings))


def is_public(path: Path) -> bool:
    """Whether it is a certificate and nothing else: that is shown to everybody anyway."""
    text = path.read_bytes()
    return text.lstrip().startswith(b"-----BEGIN CERTIFICATE-----") and b"PRIVATE KEY" not in text


def judged(folder: Path, mode: int | None, modes: dict[Path, int], missing: list[str]) -> list[Finding]:
    """`mode` of the folder, None where it is not there; `modes` of the files; `missing`: preflight's complaints."""
    if mode is None:
        return [warn(f"there is no folder {folder}.", "Nothing was deployed from this tree, or SECRETS_DIR is another.",
                     "`make secrets` makes it.")]
    found = [bad(f"{path} can be read or written by others ({stat.filemode(its)}).",
                 "It was copied or restored without its mode.", f"`chmod 600 {path}`.")
             for path, its in modes.items() if its & OTHERS]
    if mode & OTHERS:
        found.append(warn(f"others may look into {folder} ({stat.filemode(mode)}).", "It was made by hand.",
                          f"`chmod 700 {folder}`."))
    found += [Finding("bad", complaint) for complaint in missing if "does not exist" in complaint]
    return found or ok(f"{len(modes)} files in {folder}, nobody else's to read")
