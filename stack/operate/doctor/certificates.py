"""How long certificates last: those in the secrets folder, and the one that is really served."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from stack.operate.doctor.facts import Facts
from stack.operate.doctor.finding import Finding, bad, ok, warn
from stack.operate.settings import Settings

NAME = "certificates"
SOON = 30                       # days in which somebody on holiday is back


def look(facts: Facts) -> list[Finding]:
    """Every PEM certificate among the secrets, TLS_CERT, and what the edge shows a browser."""
    kept = {str(path): ends for path in files(facts.settings) if (ends := end_of(path))}
    served = end_served(facts.edge, int(facts.settings["HTTPS_PORT"])) if facts.services else None
    return judged(kept, str(facts.settings.tls("TLS_CERT")), served, facts.asked)


def files(settings: Settings) -> list[Path]:
    """Where certificates lie."""
    folder = settings.secrets_dir
    return sorted({settings.tls("TLS_CERT"), *(folder.iterdir() if folder.is_dir() else ())})


def end_of(path: Path) -> datetime | None:
    """When the first certificate of a PEM file ends; None for what is none, or cannot be read."""
    try:
        return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return None


def end_served(host: str, port: int) -> datetime | None:
    """When the certificate at the edge ends; None where no TLS answers (the look at ports tells of that)."""
    try:
        served = ssl.get_server_certificate((host, port), timeout=5)
    except OSError:
        return None
    return x509.load_pem_x509_certificate(served.encode()).not_valid_after_utc


def judged(kept: dict[str, datetime], leaf: str, served: datetime | None, now: datetime) -> list[Finding]:
    """`kept`: file -> its end; `leaf`: the file that nginx is given; `served`: the end of what users are shown."""
    found = [of_age(f"the certificate {name} ends", end, now, renewal(name)) for name, end in kept.items()]
    if served and kept.get(leaf) and served != kept[leaf]:
        found.append([warn(f"users are shown a certificate that ends {day(served)}; {leaf} ends {day(kept[leaf])}.",
                           "The file was renewed and not deployed.", "`make deploy` brings it to nginx.")])
        found.append(of_age("the certificate that users are shown ends", served, now, "`make deploy` with a new one."))
    nearest = min([*kept.values(), *([served] if served else [])], default=now)
    said = f"the first of {len(kept)} ends {day(nearest)}, in {(nearest - now).days} days"
    return [finding for each in found for finding in each] or ok(said if kept else "none on file yet")


def of_age(what: str, end: datetime, now: datetime, step: str) -> list[Finding]:
    """What is said of one certificate; nothing while it lasts."""
    days = (end - now).days
    if end <= now:
        return [bad(f"{what.removesuffix('ends')}ended {day(end)}.", "Nobody renewed it; browsers refuse the service.", step)]
    return [warn(f"{what} {day(end)}, in {days} days.", "Its renewal is due.", step)] if days < SOON else []


def renewal(name: str) -> str:
    """How a certificate on file is renewed."""
    ours = " (delete tls_ca, tls_cert and tls_key, and it makes another)" if Path(name).name in ("tls_cert", "tls_ca") else ""
    return f"Renew it, then `make deploy`{ours}."


def day(moment: datetime) -> str:
    """2026-12-24."""
    return f"{moment.astimezone(UTC):%Y-%m-%d}"
