"""The hub's database, whichever it is: written to a file while the hub runs, and made again where none is."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import docker

from stack.operate import stack_files, tars, volumes
from stack.operate.settings import Settings
from stack.operate.streams import CommandFailed, Written, lines_of, output_of, write_output
from stack.operate.volumes import Volume

HUB, POSTGRES = 1000, 999       # the users of the two images
PATIENCE = 3600                 # seconds; a database of a hub is restored in some


@dataclass(frozen=True)
class Database:
    """One way to keep the hub's state: in which volume, of which service, and the name of its file in a backup."""

    kind: str
    service: str
    volume: str
    file: str


SQLITE = Database("sqlite", "hub", "hub-state", "database.sqlite")
POSTGRESQL = Database("postgresql", "postgres", "postgres-data", "database.pgdump")
KINDS = {database.kind: database for database in (SQLITE, POSTGRESQL)}
LIVE = Path("/srv/jupyterhub/state/jupyterhub.sqlite")


def to_be_deployed(settings: Settings) -> Database:
    """Which one the settings ask for: stack/postgres.yml brings the other."""
    return POSTGRESQL if POSTGRESQL.volume in stack_files.declared(settings, "volumes") else SQLITE


def in_use(hub) -> Database:
    """Which one a running hub (its service) uses, whatever this command was told."""
    configs = hub.attrs["Spec"]["TaskTemplate"]["ContainerSpec"].get("Configs") or []
    mounted = {config["File"]["Name"] for config in configs if config.get("File")}
    return POSTGRESQL if "/srv/jupyterhub/conf.d/postgres.py" in mounted else SQLITE


def write(client: docker.DockerClient, database: Database, container: str, path: Path) -> Written:
    """Write the database as of now to a file, asked of the container that has it. Raises CommandFailed, OSError."""
    if database is POSTGRESQL:
        return write_output(client, container, ["pg_dump", *PEER, "--format=custom", "--no-owner", "jupyterhub"], path)
    script = Path(__file__).with_name("sqlite_copy.py").read_text()
    return write_output(client, container, ["python3", "-c", script, str(LIVE)], path, user=str(HUB))


PEER = ("--host=/tmp", "--username=postgres")


def versions(client: docker.DockerClient, database: Database, container: str, path: Path) -> dict[str, str]:
    """What the database is: the revision of JupyterHub's schema in it, and who keeps it. Raises CommandFailed without one."""
    asked = "SELECT version_num FROM alembic_version"
    if database is POSTGRESQL:
        query = ["psql", *PEER, "--no-align", "--tuples-only", f"--command={asked}", "jupyterhub"]
        return {"schema": output_of(client, container, query),
                "postgresql": output_of(client, container, ["postgres", "--version"]).split()[2]}
    try:
        with closing(sqlite3.connect(path)) as copy:
            return {"schema": copy.execute(asked).fetchone()[0], "sqlite": sqlite3.sqlite_version}
    except (sqlite3.Error, TypeError) as error:
        raise CommandFailed(f"what was copied is no database of a JupyterHub ({error})") from error


def complaints(database: Database, path: Path) -> list[str]:
    """What keeps a written file from being that database."""
    if database is POSTGRESQL:
        with path.open("rb") as file:
            return [] if file.read(5) == b"PGDMP" else [f"{path} is no dump of PostgreSQL's pg_dump."]
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            said = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        said = str(error)
    return [] if said == "ok" else [f"{path} is no sound SQLite database ({said})."]


def restore(client: docker.DockerClient, database: Database, image: str, volume: Volume, path: Path) -> None:
    """Fill the new volume with the database. `image` is the hub's, or PostgreSQL's own. Raises CommandFailed, APIError."""
    if database is POSTGRESQL:
        restore_dump(client, image, volume, path)
        return
    with tars.packed(path, LIVE.name, HUB, volumes.ROOT) as tar:
        volumes.fill(client, image, volume, tar)


def restore_dump(client: docker.DockerClient, image: str, volume: Volume, path: Path) -> None:
    """Have a PostgreSQL of its own, on no network, read the dump into the volume; the service then finds it there."""
    container = client.containers.create(
        image, command=["restore", f"/{path.name}"], labels=volume.labels, network_mode="none",
        mounts=[docker.types.Mount("/var/lib/postgresql/data", volume.name, type="volume")],
        cap_drop=["ALL"], security_opt=["no-new-privileges"], pids_limit=64, mem_limit="512m")
    try:
        with tars.packed(path, path.name, POSTGRES) as tar:
            container.put_archive("/", tar)
        container.start()
        code = container.wait(timeout=PATIENCE)["StatusCode"]
        if code:
            said = lines_of(container.logs())
            telling = [line for line in said if line.startswith(("pg_restore:", "start-postgres:"))] or said
            raise CommandFailed(f"PostgreSQL's restore ended with {code}: {' / '.join(telling[-3:])}")
    finally:
        container.remove(force=True)

