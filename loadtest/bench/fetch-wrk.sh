#!/bin/sh
# Puts wrk at the given place without being root: the one on the PATH, else Debian's package unpacked beside it.
# Usage: loadtest/bench/fetch-wrk.sh .cache/bin/wrk
set -eu

wished=${1:?say where, such as .cache/bin/wrk}
mkdir -p "$(dirname "$wished")"
if found=$(command -v wrk); then
    ln -sfn "$found" "$wished"
    exit 0
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
    echo "wrk is missing, and only Debian's and Ubuntu's can be fetched: install wrk (brew install wrk, dnf install wrk)" >&2
    exit 1
fi
folder=$(cd "$(dirname "$wished")" && pwd)/wrk.d
mkdir -p "$folder"
cd "$folder"
apt-get download wrk libluajit-5.1-2 libluajit-5.1-common ||
    { echo "wrk cannot be fetched: run 'apt-get update', or install wrk" >&2; exit 1; }
for package in ./*.deb; do dpkg -x "$package" .; done
libraries=$(dirname "$(find "$folder/usr/lib" -name 'libluajit-5.1.so.2' | head -1)")
cat >../wrk <<WRK
#!/bin/sh
LD_LIBRARY_PATH=$libraries exec $folder/usr/bin/wrk "\$@"
WRK
chmod +x ../wrk
../wrk -v 2>&1 | grep -q '^wrk' || { echo "the fetched wrk does not run; install wrk" >&2; exit 1; }
