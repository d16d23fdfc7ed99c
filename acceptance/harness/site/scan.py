"""The judgement of a stranger: sslyze compares the edge with Mozilla's published configuration."""

import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from acceptance.harness.errors import StackError

LONGEST = 300  # seconds; a scan takes one or two
COMPLIANT, NOT_COMPLIANT = "OK - Compliant.", "FAILED - Not compliant."


def complaints_of(python: Path, url: str, ca: Path) -> list[str]:
    """What keeps the edge from Mozilla's "intermediate" configuration, in the words of the sslyze of that `python`.

    Empty for nothing. Raises StackError where it came to no judgement.
    """
    edge = urlsplit(url)
    asked = [python, "-m", "sslyze", "--mozilla_config=intermediate", f"--certinfo_ca_file={ca}"]
    asked += [f"{edge.hostname}:{edge.port or 443}"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=LONGEST)
    judgement = done.stdout.partition(NOT_COMPLIANT)[2]
    if done.returncode == 0 and COMPLIANT in done.stdout:
        return []
    if not judgement:
        raise StackError(f"sslyze ended with {done.returncode} and no judgement of {url}: "
                         f"{(done.stdout + done.stderr)[-500:].strip()}")
    return [line.strip().removeprefix("* ") for line in judgement.splitlines() if line.strip()]
