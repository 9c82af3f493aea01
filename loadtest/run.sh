#!/usr/bin/env bash
# Runs load scenarios against a target, one after another; fails when a threshold is crossed.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    cat <<'USAGE'
Usage: loadtest/run.sh [SCENARIO]...         smoke steady ramp spike soak swap faults predict; without any: steady swap

Environment:
  TARGET=URL     a running target of your own; ADMIN="URL URL" names its admin listeners, for CPU, memory and swaps
  VIA=server     (without TARGET) start one server on a copy of the demo store
  VIA=nginx      start two servers behind nginx
  VIA=worker     start two servers behind nginx behind the local Worker; at most 50/s, a test of correctness alone
  FAULT=replica  `faults` kills one of two servers behind nginx after a third of the time, restarts it after two thirds
  FAULT=postgres the same with the database of the features; needs PostgreSQL's programs, and 600 MB of Feast once
  RATE, DURATION, SEED, MIX=realistic|known|fresh, OWN_MS and the scripts' own variables change the load
  OUT=FOLDER     receives NAME.json, NAME.junit.xml, NAME.prom and NAME.html, k6's plots (default: loadtest/results)
  K6=PROGRAM     the k6 to run (default: .cache/bin/k6)

Exit codes: 0 all thresholds passed, 99 a threshold was crossed, 2 usage.
USAGE
}

refuse() {
    echo "loadtest: $1" >&2
    exit 2
}

case "${1:-}" in -h | --help | help) usage; exit 0 ;; esac
scenarios=("$@")
[ ${#scenarios[@]} -gt 0 ] || scenarios=(steady swap)
for scenario in "${scenarios[@]}"; do
    [ -f "loadtest/$scenario.js" ] || { usage >&2; refuse "no such scenario: $scenario"; }
done
case "${VIA:=server}" in server | nginx | worker) ;; *) refuse "VIA is server, nginx or worker, not $VIA" ;; esac
case "${TARGET:+given} ${scenarios[*]}" in given*faults*) refuse "faults kills a server that it started; it takes no TARGET" ;; esac
case "${FAULT:=replica}" in replica | postgres) ;; *) refuse "FAULT is replica or postgres, not $FAULT" ;; esac

K6=$(command -v "${K6:-.cache/bin/k6}") || {
    echo "loadtest: k6 is missing; run \`make .cache/bin/k6\`, or set K6" >&2
    exit 1
}
OUT=${OUT:-loadtest/results}
mkdir -p "$OUT"
# shellcheck source=servers.sh
. loadtest/servers.sh
trap 'stop_servers' EXIT
trap 'exit 130' INT TERM

run_scenario() {
    local scenario=$1
    echo "== loadtest/$scenario.js at $TARGET"
    TARGET=$TARGET ADMIN=${ADMIN:-} THROUGH=${THROUGH:-} VICTIM=${VICTIM:-} OUT=$OUT \
        K6_WEB_DASHBOARD=true K6_WEB_DASHBOARD_PORT=-1 K6_WEB_DASHBOARD_PERIOD=1s K6_WEB_DASHBOARD_EXPORT=$OUT/$scenario.html \
        "$K6" run --quiet --no-usage-report "loadtest/$scenario.js"
}

echo "machine: $(nproc) cores, $(uname -sr); commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown); $(date -u '+%F %R UTC')"
status=0
given=${TARGET:-}
for scenario in "${scenarios[@]}"; do
    if [ -n "$given" ]; then
        run_scenario "$scenario" || status=$?
        continue
    fi
    start_servers "$scenario"
    if [ "$scenario" = faults ]; then
        obey_faults < <(run_scenario faults 2>&1) || status=$?
    else
        run_scenario "$scenario" || status=$?
    fi
    stop_servers
done
exit "$status"
