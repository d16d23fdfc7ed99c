"""The hub's database is the stack's PostgreSQL. Mounted by stack/postgres.yml."""

import time
from pathlib import Path

import psycopg

c = get_config()

# libpq reads the password from a file of its own form, so that it stands in no address, no message and no log.
password = Path("/run/secrets/postgres_password").read_text().strip()
passfile = Path("/dev/shm/pgpass")
passfile.unlink(missing_ok=True)
passfile.touch(mode=0o600)
passfile.write_text("*:*:*:*:" + password.replace("\\", "\\\\").replace(":", "\\:") + "\n")
url = f"postgresql://jupyterhub@postgres/jupyterhub?passfile={passfile}"
c.JupyterHub.db_url = url

# Swarm starts both at once, and the hub would give up at the first refusal.
PATIENCE = 60
deadline, told = time.monotonic() + PATIENCE, False
while True:
    try:
        psycopg.connect(url, connect_timeout=5).close()
        break
    except psycopg.OperationalError as error:
        words = " ".join(str(error).split())
        if time.monotonic() > deadline:
            raise SystemExit(f"No database for {PATIENCE} s: {words}. `make status` tells of postgres.") from error
        if not told:
            print(f"Waiting for the database: {words}", flush=True)
            told = True
        time.sleep(0.5)
if told:
    print("The database answers.", flush=True)
