#!/bin/sh
# Downloads Debian packages and unpacks them into a folder, once and without root.
# Usage: fetch-debian.sh .cache/nginx nginx libbrotli1
# The programs are in FOLDER/root. Exits with 1 and an instruction where apt-get or dpkg is missing.
set -eu
folder=${1:?the folder is missing, such as .cache/nginx}
shift
packages=${*:?the packages are missing}

[ "$(cat "$folder/whole" 2>/dev/null)" != "$packages" ] || exit 0
command -v apt-get >/dev/null && command -v dpkg >/dev/null || {
    echo "fetch-debian: apt-get and dpkg are missing; install $packages by hand" >&2
    exit 1
}
echo "downloading $packages (once)" >&2
rm -rf "$folder"
mkdir -p "$folder/packages" "$folder/root"
folder=$(cd "$folder" && pwd)
[ "$(id -u)" != 0 ] || apt-get -qq update >&2 || true
# shellcheck disable=SC2086 # packages are words
(cd "$folder/packages" && apt-get -qq download $packages >&2) || {
    echo "fetch-debian: apt-get could not download $packages; install them by hand, or run 'apt-get update' as root first" >&2
    exit 1
}
for package in "$folder"/packages/*.deb; do dpkg -x "$package" "$folder/root"; done
echo "$packages" >"$folder/whole"
