#!/usr/bin/env bash
# Runs the README's commands in a fresh clone with an empty home, and prints their times.
# Usage: e2e/fresh_clone.sh [--check]      --check also runs `make check`, cold.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
server=
stop() { [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" || true; server=; }; }
trap 'stop; rm -rf "$work"' EXIT
git clone -q . "$work/hemline"
mkdir "$work/home"
cd "$work/hemline"
export HOME=$work/home MAVEN_USER_HOME=$work/home/.m2 UV_CACHE_DIR=$work/home/.cache/uv GOPATH=$work/home/go
# The JVM reads the home from the user database, not from HOME.
export MAVEN_ARGS="-Dmaven.repo.local=$work/home/.m2/repository"

port=18090
seconds_to_first_response() {
    local from=$EPOCHREALTIME
    make serve ARGS="--set http.port=$port --set admin.port=18091 --set grpc.port=0" >"$work/server.log" 2>&1 &
    server=$!
    until curl -sf "http://127.0.0.1:$port/predict?hashtags=wideleg" >"$work/response"; do
        kill -0 "$server" 2>/dev/null || { cat "$work/server.log"; exit 1; }
        sleep 0.05
    done
    awk -v from="$from" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f\n", to - from }'
}

first=$(mktemp "$work/XXXX")
seconds_to_first_response >"$first"
echo "make serve, first run, to the first response: $(cat "$first") s (objective: 180)"
cat "$work/response"; echo
stop
seconds_to_first_response >"$first"
echo "make serve, second run, to the first response: $(cat "$first") s (objective: 3)"
stop
if [ "${1:-}" = --check ]; then
    from=$EPOCHREALTIME
    make check
    awk -v from="$from" -v to="$EPOCHREALTIME" 'BEGIN { printf "make check, cold: %.1f min (objective: 30)\n", (to - from) / 60 }'
fi
