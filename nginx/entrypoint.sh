#!/bin/sh
# nginx knows no environment: write the published port and who may read the metrics into its configuration, then become nginx.
set -eu
if [ "${HTTPS_PORT:-443}" = 443 ]; then PORT_SUFFIX=""; else PORT_SUFFIX=":$HTTPS_PORT"; fi
# "192.0.2.7, 10.0.0.0/8" becomes "allow 192.0.2.7; allow 10.0.0.0/8; ".
METRICS_ALLOW=$(echo "${METRICS_FROM:-}" | tr -s ', ' '\n\n' | sed -n 's/..*/allow &; /p' | tr -d '\n')
export PORT_SUFFIX METRICS_ALLOW
# Only these names are replaced: nginx's own $variables stay as they are.
envsubst '$PORT_SUFFIX $METRICS_ALLOW' </etc/nginx/nginx.conf.template >/tmp/nginx.conf
exec nginx -c /tmp/nginx.conf -g 'daemon off;'
