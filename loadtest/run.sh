#!/usr/bin/env bash
# Starts a server of its own on a copy of the demo store and asks it the two questions of this room.
# Usage: K6=path/to/k6 loadtest/run.sh [predict|swap]...      RATE, DURATION, SWAPS change the size.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
server=
cleanup() {
    [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" || true; }
    rm -rf "$work"
}
trap cleanup EXIT

port=${PORT:-18080}
admin_port=${ADMIN_PORT:-18081}
cp -r model-store/demo/store "$work/store"
./hemline serve --set "http.port=$port" --set "admin.port=$admin_port" --set grpc.port=0 --set "store.url=$work/store" >"$work/server.log" 2>&1 &
server=$!
for _ in $(seq 100); do
    curl -sf "http://127.0.0.1:$port/health/ready" >/dev/null && break
    kill -0 "$server" 2>/dev/null || { cat "$work/server.log"; exit 1; }
    sleep 0.1
done

echo "machine: $(nproc) cores, $(uname -sr); commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown); $(date -u +%F)"
questions=("$@")
[ ${#questions[@]} -gt 0 ] || questions=(predict swap)
for question in "${questions[@]}"; do
    echo "== loadtest/$question.js"
    BASE_URL=http://127.0.0.1:$port ADMIN_URL=http://127.0.0.1:$admin_port \
        "${K6:-k6}" run --quiet --no-usage-report "loadtest/$question.js"
done
