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
folder=$(cd "$(dirname "$wished")" && pwd)/wrk.d
"$(dirname "$0")/../../fetch-debian.sh" "$folder" wrk libluajit-5.1-2 libluajit-5.1-common
libraries=$(dirname "$(find "$folder/root/usr/lib" -name 'libluajit-5.1.so.2' | head -1)")
cat >"$wished" <<WRK
#!/bin/sh
LD_LIBRARY_PATH=$libraries exec $folder/root/usr/bin/wrk "\$@"
WRK
chmod +x "$wished"
"$wished" -v 2>&1 | grep -q '^wrk' || { echo "the fetched wrk does not run; install wrk" >&2; exit 1; }
