#!/bin/sh
# nginx knows no environment: write the published port into its configuration, then become nginx.
set -eu
if [ "${HTTPS_PORT:-443}" = 443 ]; then PORT_SUFFIX=""; else PORT_SUFFIX=":$HTTPS_PORT"; fi
export PORT_SUFFIX
# Only this name is replaced: nginx's own $variables stay as they are.
envsubst '$PORT_SUFFIX' </etc/nginx/nginx.conf.template >/tmp/nginx.conf
exec nginx -c /tmp/nginx.conf -g 'daemon off;'
