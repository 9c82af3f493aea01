#!/usr/bin/env bash
# Asks a target the questions of this room, one script after another; fails when a promise is broken.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    cat <<'USAGE'
Usage: loadtest/run.sh [SCENARIO]...         smoke steady ramp spike soak swap faults predict; without any: steady swap

What is asked, by the environment:
  TARGET=URL     a target that runs already, of your own; ADMIN="URL URL" names its admin listeners, for CPU, memory and swaps
  VIA=server     (no TARGET) a server of its own, on a copy of the demo store
  VIA=nginx      two servers behind nginx
  VIA=worker     two servers behind nginx behind the local Worker; at most 50 a second, for it is no measure of the edge
  FAULT=replica  what `faults` kills after a third of the time and starts again after two: one of two servers behind nginx
  FAULT=postgres the database of the features: needs PostgreSQL's programs, and 600 MB of Feast once
  RATE, DURATION, SEED, MIX=realistic|known|fresh, OWN_MS and what the scripts name change the questions
  OUT=FOLDER     gets NAME.json, NAME.junit.xml, NAME.prom and NAME.html, k6's plots over time (default: loadtest/results)
  K6=PROGRAM     the k6 to run (default: .cache/bin/k6)

The exit status is 0 when every promise was kept, 99 when one was broken.
USAGE
}

case "${1:-}" in -h | --help | help) usage; exit 0 ;; esac
scenarios=("$@")
[ ${#scenarios[@]} -gt 0 ] || scenarios=(steady swap)
for scenario in "${scenarios[@]}"; do
    [ -f "loadtest/$scenario.js" ] || { usage >&2; echo "loadtest: no such scenario: $scenario" >&2; exit 2; }
done
case "${VIA:=server}" in server | nginx | worker) ;; *) echo "loadtest: VIA is server, nginx or worker, not $VIA" >&2; exit 2 ;; esac
case "${TARGET:+given} ${scenarios[*]}" in given*faults*) echo "loadtest: faults kills a server of its own; it takes no TARGET" >&2; exit 2 ;; esac
case "${FAULT:=replica}" in replica | postgres) ;; *) echo "loadtest: FAULT is replica or postgres, not $FAULT" >&2; exit 2 ;; esac

K6=$(command -v "${K6:-.cache/bin/k6}") || { echo "loadtest: no k6; run \`make .cache/bin/k6\`, or name one in K6" >&2; exit 1; }
OUT=${OUT:-loadtest/results}
mkdir -p "$OUT"
# shellcheck source=stage.sh
. loadtest/stage.sh
trap 'stage_down' EXIT
trap 'exit 130' INT TERM

ask() {
    local scenario=$1
    echo "== loadtest/$scenario.js at $TARGET"
    TARGET=$TARGET ADMIN=${ADMIN:-} THROUGH=${THROUGH:-} VICTIM=${VICTIM:-} OUT=$OUT K6_WEB_DASHBOARD=true K6_WEB_DASHBOARD_PORT=-1 K6_WEB_DASHBOARD_PERIOD=1s \
        K6_WEB_DASHBOARD_EXPORT=$OUT/$scenario.html "$K6" run --quiet --no-usage-report "loadtest/$scenario.js"
}

echo "machine: $(nproc) cores, $(uname -sr); commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown); $(date -u '+%F %R UTC')"
status=0
given=${TARGET:-}
for scenario in "${scenarios[@]}"; do
    if [ -n "$given" ]; then
        ask "$scenario" || status=$?
        continue
    fi
    stage_up "$scenario"
    if [ "$scenario" = faults ]; then
        obey_faults < <(ask faults 2>&1) || status=$?
    else
        ask "$scenario" || status=$?
    fi
    stage_down
done
exit "$status"
