#!/bin/sh
# nginx knows no environment: write settings and secrets into its configuration, then become nginx.
set -eu
umask 077
if [ "${HTTPS_PORT:-443}" = 443 ]; then PORT_SUFFIX=""; else PORT_SUFFIX=":$HTTPS_PORT"; fi
# "192.0.2.7, 10.0.0.0/8" becomes "allow 192.0.2.7; allow 10.0.0.0/8; ".
METRICS_ALLOW=$(echo "${METRICS_FROM:-}" | tr -s ', ' '\n\n' | sed -n 's/..*/allow &; /p' | tr -d '\n')
# All that are not refused: those that pass at once, and those that wait, for a minute at most.
LOGINS_AT_ONCE=${LOGINS_AT_ONCE:-100} LOGINS_PER_MINUTE=${LOGINS_PER_MINUTE:-30}
LOGINS_KEPT=$((LOGINS_AT_ONCE + LOGINS_PER_MINUTE))
# The hub brings its proxy along; stack/proxy.yml says where they are apart.
: "${UPSTREAM:=hub:8000}" "${HUB_UPSTREAM:=$UPSTREAM}"
# X-Remote-User is $http_x_remote_user in nginx.
TRUSTED_VARIABLE=http_$(printf %s "${TRUSTED_HEADER:-}" | tr 'A-Z-' 'a-z_')
EDGE_SECRET=$(cat /run/secrets/edge_secret 2>/dev/null || true)
# Only these names are replaced: nginx's own $variables stay as they are. Overlays bring parts; nginx.conf includes them.
names='$PORT_SUFFIX $UPSTREAM $HUB_UPSTREAM $METRICS_ALLOW $LOGINS_AT_ONCE $LOGINS_PER_MINUTE $LOGINS_KEPT'
names="$names "'$TRUSTED_PROXY $TRUSTED_HEADER $TRUSTED_VARIABLE $EDGE_SECRET'
fill() (
  export PORT_SUFFIX UPSTREAM HUB_UPSTREAM METRICS_ALLOW LOGINS_AT_ONCE LOGINS_PER_MINUTE LOGINS_KEPT TRUSTED_VARIABLE EDGE_SECRET
  envsubst "$names"
)
mkdir -p /tmp/parts
for part in /etc/nginx/parts/*.conf; do
  if [ -e "$part" ]; then fill <"$part" >"/tmp/parts/${part##*/}"; fi
done
fill </etc/nginx/nginx.conf.template >/tmp/nginx.conf
exec nginx -c /tmp/nginx.conf -g 'daemon off;'
