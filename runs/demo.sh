#!/bin/sh
# The demo, remade from its seed beside the committed one, and served.
set -eu

usage() {
    cat <<'USAGE'
Usage: runs/demo.sh [--out FOLDER] [--seed N] [--no-serve] [-- OPTIONS OF ./hemline serve]

Makes the demo from one seed, and serves forecasts with it:

  1  make     image encoder, two published versions, a snapshot of 300 trends     FOLDER
  2  build    the server, if it is not built yet                                  needs a JDK 17 or newer
  3  serve    http://127.0.0.1:8080, until Ctrl-C

  --out FOLDER   its content is replaced (default runs-output/demo-remade); model-store/demo, the committed demo, is
                 remade by `make demo`
  --seed N       other synthetic trends (default 7, the committed demo's)
  --no-serve     stop after 1
  -h, --help     this text

All data are synthetic. It takes three quarters of an hour on two slow cores; HEMLINE_SMOKE=1 uses trainer/configs/smoke.toml and takes
about a minute, with poor forecasts. Needs what `make check-trainer` needs: Python 3.11 or newer, a network on the first
run.

Exit codes: 0 done, 1 refused (the reason is printed), 2 wrong usage, 130 interrupted.
USAGE
}

wrong() {
    echo "demo.sh: $1; --help explains" >&2
    exit 2
}

config=trainer/configs/demo.toml
[ "${HEMLINE_SMOKE:-0}" != 1 ] || config=trainer/configs/smoke.toml
out=runs-output/demo-remade
seed=7
serve=yes
while [ $# -gt 0 ]; do
    case "$1" in
        -h | --help) usage; exit 0 ;;
        --no-serve) serve=no; shift ;;
        --out) [ $# -ge 2 ] || wrong '--out needs a folder'; out=$2; shift 2 ;;
        --seed) [ $# -ge 2 ] || wrong '--seed needs a number'; seed=$2; shift 2 ;;
        --) shift; break ;;
        *) wrong "no such option: $1" ;;
    esac
done
cd "$(dirname -- "$0")/.."
case "$out" in
    model-store/demo | model-store/demo/ | "$PWD"/model-store/demo*) wrong 'the committed demo is remade by: make demo' ;;
esac

echo '== 1 make' >&2
[ -x .cache/uv/bin/uv ] || make -s .cache/uv/bin/uv
.cache/uv/bin/uv run --quiet --project trainer --locked hemline-trainer demo --config "$config" --seed "$seed" --out "$out"
[ "$serve" = yes ] || exit 0

echo '== 2 build' >&2
make -s build

echo '== 3 serve' >&2
exec ./hemline serve --set "store.url=$out/store" --set "features.snapshot=$out/features.jsonl.gz" "$@"
