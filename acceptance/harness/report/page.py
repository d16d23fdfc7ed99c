"""index.html: the report for people. One file that fetches nothing, so that it can be mailed and kept."""

import base64
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from acceptance.harness.report.course import absences, course_of, during
from acceptance.harness.report.latency import latency_of
from acceptance.harness.report.outcome import Outcome, Result
from acceptance.harness.report.rendered import rendered
from acceptance.harness.report.results import results_of
from acceptance.harness.report.run import Run
from acceptance.harness.report.scale import scale_of
from acceptance.harness.report.timeline import timeline_of
from acceptance.harness.report.verdict import MEANINGS, Verdict
from acceptance.harness.stopwatch import Span

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
    told: str


class Away(NamedTuple):
    """A time when a service was away, and the checks whose bodies ran then."""

    span: Span
    checks: list[str]


def page_of(run: Run, verdict: Verdict) -> str:
    """The text of index.html for a finished run whose evidence already lies in its folder."""
    failed = sorted((each for each in run.results.values() if each.reasons), key=_weight)
    results, course = results_of(run, verdict), course_of(run)
    scale = scale_of(run.started, course)
    return rendered(
        "page.html.j2",
        run=run,
        verdict=verdict,
        results=results,
        meaning=_sentence(run, verdict),
        failed=failed,
        kept={each.check.id: kept_in(run.folder, each.evidence) for each in failed},
        run_evidence=kept_in(run.folder, "evidence/run"),
        screenshots=kept_in(run.folder, "screenshots"),
        groups=_groups(run),
        is_unexplained=bool({1, 14} & {*verdict.reasons}) and any(each.evidence for each in failed),
        duration=_duration(scale.seconds) if course.ended else "",
        latency_drawn=latency_of(course.spawns, scale, results["spawn"]),
        timeline_drawn=timeline_of(course, run.results, scale),
        away=[Away(span, during(span, course.checks)) for span in absences(course.services)],
    )


def _sentence(run: Run, verdict: Verdict) -> str:
    """The verdict in one line, with the number that matters most."""
    total = len(run.results)
    if verdict.word == "PASS":
        outside = f" that can be judged from outside ({len(run.not_asked)} cannot)" if run.settings.target else ""
        kept = f"{total - len(run.waived)} of {total}" if run.waived else f"All {total}"
        waived = f", {len(run.waived)} {'is' if len(run.waived) == 1 else 'are'} waived" if run.waived else ""
        return run.proved or f"{kept} promises of the profile “{run.settings.profile}”{outside} were kept{waived}."
    if verdict.exit == 1:
        broken = sum(each.outcome is Outcome.FAIL for each in run.results.values())
        return run.proved or f"{broken} of {total} promises {'was' if broken == 1 else 'were'} broken."
    if verdict.word == "PARTIAL":
        return "Only a part was judged: nothing is certified."
    return f"{MEANINGS[verdict.exit][0].upper()}{MEANINGS[verdict.exit][1:]}."


def _weight(result: Result) -> int:
    """Broken promises first, then what could not be judged, then what was skipped; last what was kept."""
    return [Outcome.FAIL, Outcome.ERROR, Outcome.SKIP, Outcome.PASS].index(result.outcome)


def _duration(seconds: float) -> str:
    """As a person says it."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _groups(run: Run) -> list[Group]:
    """The results by the file of their check, in the order in which they were first judged."""
    ordered = sorted(run.results.values(), key=_file)
    return [_group(file, list(members)) for file, members in groupby(ordered, key=_file)]


def _file(result: Result) -> str:
    return result.check.node.partition("::")[0]


def _group(file: str, results: list[Result]) -> Group:
    title = Path(file).stem.removeprefix("test_").replace("_", " ") or "checks"
    kept = sum(each.outcome is Outcome.PASS for each in results)
    told = f"{kept} of {len(results)} kept · {sum(each.seconds for each in results):.1f} s"
    return Group(title, sorted(results, key=_weight), told)


def kept_in(report: Path, evidence: str | None) -> list[Kept]:
    """The files of one folder of evidence, pictures included as data so that the page stands alone."""
    folder = report / evidence if evidence else None
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder and folder.is_dir() else []
    return [Kept(path.relative_to(report).as_posix(), path.stat().st_size, _picture(path)) for path in files]


def _picture(path: Path) -> str | None:
    kind = PICTURES.get(path.suffix)
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}" if kind else None
