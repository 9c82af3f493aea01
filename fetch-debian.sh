#!/bin/sh
# Unpacks Debian packages into a folder, once and without root: fetch-debian.sh .cache/nginx nginx libbrotli1
# The programs lie below FOLDER/root. Exit 1 with what to install where apt-get and dpkg are missing.
set -eu
folder=${1:?say where, such as .cache/nginx}
shift
packages=${*:?say which packages}

[ "$(cat "$folder/whole" 2>/dev/null)" != "$packages" ] || exit 0
command -v apt-get >/dev/null && command -v dpkg >/dev/null || {
    echo "fetch: neither the programs of $packages nor apt-get to fetch them; install $packages by hand" >&2
    exit 1
}
echo "fetching $packages (once)" >&2
rm -rf "$folder"
mkdir -p "$folder/packages" "$folder/root"
folder=$(cd "$folder" && pwd)
[ "$(id -u)" != 0 ] || apt-get -qq update >&2 || true
# shellcheck disable=SC2086 # packages are words
(cd "$folder/packages" && apt-get -qq download $packages >&2) || {
    echo "fetch: apt-get could not download $packages; install them by hand, or run 'apt-get update' as root first" >&2
    exit 1
}
for package in "$folder"/packages/*.deb; do dpkg -x "$package" "$folder/root"; done
echo "$packages" >"$folder/whole"
