"""index.html: the report for people. One file that fetches nothing, so that it can be mailed and kept."""

import base64
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import jinja2

from acceptance.harness.report.outcome import Outcome, Result
from acceptance.harness.report.results import results_of
from acceptance.harness.report.run import Run
from acceptance.harness.report.verdict import MEANINGS, Verdict

PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".svg": "image/svg+xml"}


class Kept(NamedTuple):
    """One file of evidence: where it lies beside the page, its size, and the picture itself if it is one."""

    path: str
    bytes: int
    picture: str | None


class Group(NamedTuple):
    """The checks of one file, the promises of one part of the service."""

    title: str
    results: list[Result]
    seconds: float


def page_of(run: Run, verdict: Verdict) -> str:
    """The text of index.html for a finished run whose evidence already lies in its folder."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("acceptance.harness.report", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    failed = sorted((each for each in run.results.values() if each.reasons), key=_weight)
    return environment.get_template("page.html.j2").render(
        run=run,
        verdict=verdict,
        results=results_of(run, verdict),
        meaning=_sentence(run, verdict),
        failed=failed,
        kept={each.check.id: kept_in(run.folder, each.evidence) for each in failed},
        run_evidence=kept_in(run.folder, "evidence/run"),
        screenshots=kept_in(run.folder, "screenshots"),
        groups=_groups(run),
    )


def _sentence(run: Run, verdict: Verdict) -> str:
    """The verdict in one line, with the number that matters most."""
    total = len(run.results)
    if verdict.word == "PASS":
        outside = f" that can be judged from outside ({len(run.not_asked)} cannot)" if run.not_asked else ""
        return run.proved or f"All {total} promises of the profile “{run.settings.profile}”{outside} were kept."
    if verdict.exit == 1:
        broken = sum(each.outcome is Outcome.FAIL for each in run.results.values())
        return f"{broken} of {total} promises {'was' if broken == 1 else 'were'} broken."
    if verdict.word == "PARTIAL":
        return "Only a part was judged: nothing is certified."
    return f"{MEANINGS[verdict.exit][0].upper()}{MEANINGS[verdict.exit][1:]}."


def _weight(result: Result) -> int:
    """Broken promises first, then what could not be judged, then what was skipped."""
    return [Outcome.FAIL, Outcome.ERROR, Outcome.SKIP].index(result.outcome)


def _groups(run: Run) -> list[Group]:
    """The results by the file of their check, in the order in which they were first judged."""
    ordered = sorted(run.results.values(), key=_file)
    return [_group(file, list(members)) for file, members in groupby(ordered, key=_file)]


def _file(result: Result) -> str:
    return result.check.node.partition("::")[0]


def _group(file: str, results: list[Result]) -> Group:
    title = Path(file).stem.removeprefix("test_").replace("_", " ") or "checks"
    return Group(title, results, sum(each.seconds for each in results))


def kept_in(report: Path, evidence: str | None) -> list[Kept]:
    """The files of one folder of evidence, pictures included as data so that the page stands alone."""
    folder = report / evidence if evidence else None
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder and folder.is_dir() else []
    return [Kept(path.relative_to(report).as_posix(), path.stat().st_size, _picture(path)) for path in files]


def _picture(path: Path) -> str | None:
    kind = PICTURES.get(path.suffix)
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}" if kind else None
