#!/bin/sh
# nginx knows no environment: write settings and secrets into its configuration, then become nginx.
set -eu
umask 077
if [ "${HTTPS_PORT:-443}" = 443 ]; then PORT_SUFFIX=""; else PORT_SUFFIX=":$HTTPS_PORT"; fi
# "192.0.2.7, 10.0.0.0/8" becomes "allow 192.0.2.7; allow 10.0.0.0/8; ".
METRICS_ALLOW=$(echo "${METRICS_FROM:-}" | tr -s ', ' '\n\n' | sed -n 's/..*/allow &; /p' | tr -d '\n')
# X-Remote-User is $http_x_remote_user in nginx.
TRUSTED_VARIABLE=http_$(printf %s "${TRUSTED_HEADER:-}" | tr 'A-Z-' 'a-z_')
EDGE_SECRET=$(cat /run/secrets/edge_secret 2>/dev/null || true)
# Only these names are replaced: nginx's own $variables stay as they are. Overlays bring parts; nginx.conf includes them.
fill() (
  export PORT_SUFFIX METRICS_ALLOW TRUSTED_VARIABLE EDGE_SECRET
  envsubst '$PORT_SUFFIX $METRICS_ALLOW $TRUSTED_PROXY $TRUSTED_HEADER $TRUSTED_VARIABLE $EDGE_SECRET'
)
mkdir -p /tmp/parts
for part in /etc/nginx/parts/*.conf; do
  if [ -e "$part" ]; then fill <"$part" >"/tmp/parts/${part##*/}"; fi
done
fill </etc/nginx/nginx.conf.template >/tmp/nginx.conf
exec nginx -c /tmp/nginx.conf -g 'daemon off;'
