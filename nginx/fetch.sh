#!/bin/sh
# Prints two lines: the nginx to run, and its brotli module. Takes Debian's own when they are installed, else fetches the packages
# into .cache/nginx, without root.
set -eu
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
module=usr/lib/nginx/modules/ngx_http_brotli_filter_module.so

say() { printf '%s\n' "$1/usr/sbin/nginx" "$1/$module"; }

if [ "${EDGE_NGINX:-system}" = system ] && [ -x /usr/sbin/nginx ] && [ -f "/$module" ]; then
    say ''
    exit
fi
"$root/fetch-debian.sh" "$root/.cache/nginx" nginx libnginx-mod-http-brotli-filter libbrotli1 libpcre2-8-0
say "$root/.cache/nginx/root"
