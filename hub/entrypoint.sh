#!/bin/sh
# Started as root with no capability but SETUID and SETGID: only the host knows the group of the Docker socket, and
# `stack deploy` refuses group_add. Become user 1000 with that one group, and never anything more again.
set -eu
socket=/var/run/docker.sock
if [ -S "$socket" ]; then group=$(stat -c %g "$socket"); else group=1000; fi
exec setpriv --reuid 1000 --regid 1000 --groups "$group" --no-new-privs -- tini -- "$@"
