#!/bin/sh
# Installs wrk at a path without root: a link to the one on the PATH, else Debian's package, unpacked next to it.
# Usage: loadtest/bench/fetch-wrk.sh .cache/bin/wrk
set -eu

target=${1:?the path is missing, such as .cache/bin/wrk}
mkdir -p "$(dirname "$target")"
if found=$(command -v wrk); then
    ln -sfn "$found" "$target"
    exit 0
fi
folder=$(cd "$(dirname "$target")" && pwd)/wrk.d
"$(dirname "$0")/../../fetch-debian.sh" "$folder" wrk libluajit-5.1-2 libluajit-5.1-common
libraries=$(dirname "$(find "$folder/root/usr/lib" -name 'libluajit-5.1.so.2' | head -1)")
cat >"$target" <<WRK
#!/bin/sh
LD_LIBRARY_PATH=$libraries exec $folder/root/usr/bin/wrk "\$@"
WRK
chmod +x "$target"
"$target" -v 2>&1 | grep -q '^wrk' || { echo "the downloaded wrk does not run; install wrk" >&2; exit 1; }
