"""`python -m acceptance.verify certificate.json…`: whether certificates are whole, agree with themselves, and hold today.

It does not prove who wrote one: the digest is no signature, and whoever writes all of it anew writes a new digest, too. Nor
that the stack keeps its promises today, that the images named are still what bears their names, or that the verdict is PASS:
a certificate of a FAIL is as good a certificate. Where it must be trusted, keep it where only the judge can write.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from acceptance.harness.errors import SettingsError
from acceptance.harness.report.certificate import FILES, KEYS, SCHEMA, digest_of, sum_of
from acceptance.harness.report.check import Check
from acceptance.harness.report.stored import stored_run
from acceptance.harness.report.verdict import PRECEDENCE, verdict_of, word_of
from acceptance.harness.waivers import Waiver

OF_OUTCOMES = {1, 14, 12}  # the codes that the outcomes alone decide
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)  # what reading raises of JSON that is no run's, or is none


def main(arguments: list[str] | None = None) -> int:
    """Exit 0: all of them are sound; 1 with all that is wrong; 4 where a file is no certificate."""
    parser = argparse.ArgumentParser(prog="python -m acceptance.verify", description=__doc__)
    parser.add_argument("certificates", nargs="+", type=Path, metavar="certificate.json")
    return max(_verified(path) for path in parser.parse_args(arguments).certificates)


def _verified(path: Path) -> int:
    try:
        certificate = read(path)
        wrong, lines = [*wrong_with(certificate, path.parent, datetime.now(UTC).date())], lines_of(certificate)
    except SettingsError as error:
        print(error)
        return 4
    except UNREADABLE as error:
        print(f"{path}: no certificate: {type(error).__name__}: {error}")
        return 4
    worth = [f"wrong: {each}" for each in wrong] or [_sound(path.parent)]
    print("\n  ".join([f"{path}: {lines[0]}", *lines[1:], *worth]))
    return 1 if wrong else 0


def _sound(folder: Path) -> str:
    """What agrees, and which of the files that could have been wrong are not beside it."""
    away = [name for name in FILES if not (folder / name).exists()]
    agreeing = "digest and outcomes" if len(away) == len(FILES) else "digest, outcomes and the files beside it"
    return f"sound: {agreeing} agree" + (f"; not there: {', '.join(away)}" if away else "")


def read(path: Path) -> dict[str, Any]:
    """The certificate. Raises SettingsError for a file that is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError([f"{path}: no certificate: {error}"]) from error
    if not isinstance(found, dict) or found.keys() != KEYS or found["schema"] != SCHEMA:
        raise SettingsError([f"{path}: no certificate of schema {SCHEMA}: other keys; name the certificate.json of a report"])
    return found


def wrong_with(certificate: dict[str, Any], folder: Path, today: date) -> Iterator[str]:
    """All that is wrong with it, and with the files beside it, in words."""
    if certificate["digest"] != digest_of(certificate):
        yield "it was changed after it was written: its digest is of another content"
    yield from _changed(certificate, folder)
    yield from _other_results(certificate, folder / "results.json")
    yield from _contradictions(certificate)
    for name, each in certificate["promises"].items():
        if each["waived"] and waiver_of(name, each["waived"]).has_expired(today):
            yield f"the waiver of {name} expired on {each['waived']['expires']} ({each['waived']['owner']})"


def _changed(certificate: dict[str, Any], folder: Path) -> Iterator[str]:
    """The files beside it that are others now; one that is not there is none of them."""
    for name in FILES:
        try:
            is_same = not (folder / name).exists() or sum_of(folder / name) == certificate["sha256"][name]
        except OSError as error:
            yield f"{name} beside it cannot be read: {error.strerror}"
            continue
        if not is_same:
            yield f"{name} beside it is not the file that it was written with"


def _other_results(certificate: dict[str, Any], results: Path) -> Iterator[str]:
    """Where results.json and certificate do not tell the same."""
    try:
        told = _core(json.loads(results.read_text(encoding="utf-8")))
    except OSError:
        return  # not there, or told to be unreadable already
    except (*UNREADABLE, RecursionError) as error:
        yield f"results.json beside it cannot be read: {type(error).__name__}: {error}"
        return
    if told != _core(certificate):
        yield "results.json beside it tells another verdict or other outcomes"


def _core(told: dict[str, Any]) -> list[Any]:
    """What results.json and certificate both tell."""
    listed = told["promises"].items() if "promises" in told else ((each["id"], each) for each in told["checks"])
    return [*(told[key] for key in ("run", "verdict", "exit", "exits")), {name: each["outcome"] for name, each in listed}]


def _contradictions(certificate: dict[str, Any]) -> Iterator[str]:
    """Where the verdict is not that of the outcomes, by the rules that judged the run."""
    promises, exits = certificate["promises"], certificate["exits"]
    lost, more = sorted({*certificate["promised"]} - promises.keys()), sorted(promises.keys() - {*certificate["promised"]})
    if lost or more:
        yield "; ".join([*(f"no outcome of {name}" for name in lost), *(f"{name} was not promised" for name in more)])
    verdict = verdict_of(_run(certificate))
    if {*verdict.exits} & OF_OUTCOMES != {*exits} & OF_OUTCOMES:
        said = "; ".join(verdict.reasons.values()) or "all is kept"
        yield f"the outcomes ({said}) do not make the verdict {certificate['verdict']} with exits {exits}"
    first = next((code for code in PRECEDENCE if code in exits), 0)
    if (certificate["exit"], certificate["verdict"]) != (first, word_of(first)):
        yield f"exits {exits} make {word_of(first)} with exit {first}, not {certificate['verdict']} with {certificate['exit']}"


def _run(certificate: dict[str, Any]) -> Any:
    """The run that it tells of, on its own day."""
    promises = certificate["promises"]
    checks = {Check(name, each["profile"], each["cls"], (), each["sentence"]): each for name, each in promises.items()}
    waivers = [waiver_of(name, each["waived"]) for name, each in promises.items() if each["waived"]]
    began = datetime.fromisoformat(certificate["started"])
    return stored_run(Path(certificate["run"]), certificate["profile"], began, waivers, checks, locked=[*checks], collected=True)


def waiver_of(name: str, waived: dict[str, str]) -> Waiver:
    """A waiver as the certificate tells it. Raises ValueError for a day that is none."""
    return Waiver(name, waived["reason"], waived["owner"], date.fromisoformat(waived["expires"]))


def lines_of(certificate: dict[str, Any]) -> list[str]:
    """What a release manager reads, in a few lines."""
    promises = certificate["promises"]
    counted = Counter("waived" if each["waived"] else each["outcome"] for each in promises.values())
    told = ", ".join(f"{counted[kind]} {kind}" for kind in ("PASS", "FAIL", "ERROR", "SKIP", "waived") if counted[kind])
    score = certificate["kill_score"]
    worth = certificate["kill_score_why"] if isinstance(score, str) else (
        f"{score['killed']} of {score['faults']} faults killed; {score['checks']} of these checks killed one at least")
    images = [f"{part} {image['ref'] or 'unknown'} {image['digest'] or image['id']}".rstrip()
              for part, image in certificate["images"].items()]
    versions = ", ".join(f"{part} {version or 'unknown'}" for part, version in certificate["versions"].items())
    excused = [f"waived: {name} until {each['waived']['expires']}: {each['waived']['reason']} ({each['waived']['owner']})"
               for name, each in promises.items() if each["waived"]]
    head = f"{certificate['verdict']}, exit {certificate['exit']}: run {certificate['run']}, profile {certificate['profile']}"
    away = len(certificate["not_asked"])
    asked = f"{len(promises)} promises: {told}" + (f"; {away} more cannot be judged so" if away else "")
    return [f"{head}, {certificate['started']}", *images, versions, asked, *excused,
            f"kill score {'unknown: ' if isinstance(score, str) else ''}{worth}"]


if __name__ == "__main__":
    sys.exit(main())
