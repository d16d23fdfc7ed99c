#!/bin/sh
# PostgreSQL for the hub. Makes the cluster at first start; gives the hub's user the password of the secret at each, so
# that it rotates with a deploy; then becomes the server. With `restore FILE` it fills a new cluster from a dump and ends.
set -eu
volume=/var/lib/postgresql/data
cluster=$volume/17
secret=/run/secrets/postgres_password

say() { echo "start-postgres: $*" >&2; }
# One statement a line, without a server and before anybody can connect.
alone() { postgres --single -D "$cluster" "$1" >/dev/null; }

for other in "$volume"/[0-9]*; do
    if [ -d "$other" ] && [ "$other" != "$cluster" ]; then
        say "the volume holds a database of PostgreSQL ${other##*/}, and this image is 17. Deploy the former image," \
            "'make backup', 'make remove', then restore with this one."
        exit 1
    fi
done
if [ ! -d "$cluster" ]; then
    say "the volume is empty: making a cluster"
    rm -rf "$volume/making"         # of a first start that was killed
    cluster=$volume/making
    initdb --pgdata="$cluster" --encoding=UTF8 --locale=C.UTF-8 --auth=reject --no-instructions >/dev/null
    echo 'CREATE ROLE jupyterhub LOGIN' | alone postgres
    echo 'CREATE DATABASE jupyterhub OWNER jupyterhub' | alone postgres
    mv "$cluster" "$volume/17"      # whole, or not at all
    cluster=$volume/17
fi
# The container's own process numbers begin anew: one that is written here is another's now.
rm -f "$cluster/postmaster.pid"
set_up="-c hba_file=/etc/postgresql/pg_hba.conf -c unix_socket_directories=/tmp"

if [ "${1:-}" = restore ]; then
    pg_ctl start --silent --wait -D "$cluster" -o "$set_up -c listen_addresses=" >&2
    ended=0
    pg_restore --host=/tmp --dbname=jupyterhub --no-owner --role=jupyterhub --single-transaction "$2" || ended=$?
    pg_ctl stop --silent --wait -D "$cluster" --mode=fast >&2
    exit "$ended"
fi

if [ ! -r "$secret" ]; then
    say "there is no secret $secret: deploy with stack/postgres.yml, which brings it"
    exit 1
fi
echo "ALTER ROLE jupyterhub PASSWORD '$(sed "s/'/''/g" "$secret")'" | alone postgres
exec postgres -D "$cluster" $set_up -c listen_addresses='*'
