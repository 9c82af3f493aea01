#!/usr/bin/env bash
# Measures the time from the server's start to its first response, with and without the class-data archive, in
# alternation; prints each start and the medians.  Usage: loadtest/start.sh [PAIRS]
set -euo pipefail
cd "$(dirname "$0")/.."

pairs=${1:-5}
port=${PORT:-18080}
log=$(mktemp)
archive=inference-server/target/classes.jsa
trap 'kill "${server:-}" 2>/dev/null || true; rm -f "$log"; [ ! -f "$archive.off" ] || mv "$archive.off" "$archive"' EXIT
ticks=$(getconf CLK_TCK)

start() { # prints the wall-clock and CPU milliseconds until the first response
    local from=$EPOCHREALTIME
    ./hemline serve --set "http.port=$port" --set admin.port=0 --set grpc.port=0 >"$log" 2>&1 &
    server=$!
    until curl -sf "http://127.0.0.1:$port/v1/trends?limit=1" >/dev/null; do
        kill -0 "$server" 2>/dev/null || { cat "$log" >&2; exit 1; }
        sleep 0.01
    done
    awk -v from="$from" -v to="$EPOCHREALTIME" -v ticks="$ticks" \
        '{ printf "%.0f %.0f\n", 1000 * (to - from), 1000 * ($14 + $15) / ticks }' "/proc/$server/stat"
    kill "$server"
    wait "$server"
}

echo "machine: $(nproc) cores, $(uname -sr); commit $(git rev-parse --short HEAD); $(date -u +%F)"
printf '%-16s %8s %8s\n' archive clock_ms cpu_ms
for _ in $(seq "$pairs"); do
    printf '%-16s %8s %8s\n' with $(start)
    mv "$archive" "$archive.off"
    printf '%-16s %8s %8s\n' without $(start)
    mv "$archive.off" "$archive"
done | tee /dev/stderr | awk '
    { clock[$1, ++n[$1]] = $2; cpu[$1, n[$1]] = $3 }
    function median(of, key, count,    i, j, t, v) {
        for (i = 1; i <= count; i++) v[i] = of[key, i] + 0
        for (i = 1; i <= count; i++) for (j = i + 1; j <= count; j++) if (v[j] < v[i]) { t = v[i]; v[i] = v[j]; v[j] = t }
        return v[int((count + 1) / 2)]
    }
    END { for (key in n) printf "median %-9s %8d %8d\n", key, median(clock, key, n[key]), median(cpu, key, n[key]) }'
