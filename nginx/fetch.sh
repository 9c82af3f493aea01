#!/bin/sh
# Prints two lines: the paths of nginx and of its brotli module. Uses Debian's packages if they are installed, else
# downloads them into .cache/nginx, without root.
set -eu
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
module=usr/lib/nginx/modules/ngx_http_brotli_filter_module.so

print_paths() { printf '%s\n' "$1/usr/sbin/nginx" "$1/$module"; }

if [ "${EDGE_NGINX:-system}" = system ] && [ -x /usr/sbin/nginx ] && [ -f "/$module" ]; then
    print_paths ''
    exit
fi
"$root/fetch-debian.sh" "$root/.cache/nginx" nginx libnginx-mod-http-brotli-filter libbrotli1 libpcre2-8-0
print_paths "$root/.cache/nginx/root"
