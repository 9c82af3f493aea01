#!/bin/sh
# Prints two lines: the nginx to run, and its brotli module. Takes Debian's own when they are installed, else fetches the packages
# into .cache/nginx, without root.
set -eu
cache=$(cd -- "$(dirname -- "$0")/.." && pwd)/.cache/nginx
packages="nginx libnginx-mod-http-brotli-filter libbrotli1 libpcre2-8-0"
module=usr/lib/nginx/modules/ngx_http_brotli_filter_module.so

say() { printf '%s\n' "$1/usr/sbin/nginx" "$1/$module"; }

if [ "${EDGE_NGINX:-system}" = system ] && [ -x /usr/sbin/nginx ] && [ -f "/$module" ]; then
    say ''
    exit
fi
if [ ! -f "$cache/whole" ]; then
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || {
        echo "nginx: neither nginx with its brotli module nor apt-get to fetch them; install $packages (Debian 12) by hand" >&2
        exit 1
    }
    echo "fetching nginx (once, about 1 MB)" >&2
    rm -rf "$cache"
    mkdir -p "$cache/packages" "$cache/root"
    [ "$(id -u)" != 0 ] || apt-get -qq update >&2 || true
    # shellcheck disable=SC2086 # packages are words
    (cd "$cache/packages" && apt-get -qq download $packages >&2) || {
        echo "nginx: apt-get could not download $packages; install them by hand, or run 'apt-get update' as root first" >&2
        exit 1
    }
    for package in "$cache"/packages/*.deb; do dpkg -x "$package" "$cache/root"; done
    touch "$cache/whole"
fi
say "$cache/root"
