#!/bin/sh
# From a clone to a published artifact: dataset, train, export, evaluate, package, gate, publish.
set -eu

usage() {
    cat <<'USAGE'
Usage: runs/reference.sh [--config FILE] [--out FOLDER] [--store URL] [--force REASON] [--tracking URI]

Makes the reference model from nothing but a clone, Python 3.11 or newer and a network:

  1  tools      uv and the locked libraries, into .cache/uv and trainer/.venv
  2  train      dataset and train: image encoder, forecaster         FOLDER/forecaster.pt
  3  publish    export, evaluate, package, gate, publish             FOLDER/artifact, URL
  4  mirror     MLflow's registry repeats the store's pointers       runs-output/mlflow.db

  --config FILE    settings (default trainer/configs/demo.toml: three quarters of an hour on two slow cores)
  --out FOLDER     run folder (default runs-output/reference)
  --store URL      folder or s3://bucket/prefix (default runs-output/store)
  --force REASON   publish in spite of the promotion gate; the reason is written on the model card
  --tracking URI   MLflow (default the SQLite file runs-output/mlflow.db)
  -h, --help       this text

After Ctrl-C or a power cut the same command resumes: steps whose inputs are unchanged are skipped, and the same
artifact is published once.

HEMLINE_SMOKE=1 runs every step with trainer/configs/smoke.toml in about a minute; such a model forecasts poorly,
so it is published in spite of the gate, which its card states.

Exit codes: 0 published, 1 refused (the reason is printed), 2 wrong usage, 130 interrupted.
USAGE
}

wrong() {
    echo "reference.sh: $1; --help explains" >&2
    exit 2
}

config=trainer/configs/demo.toml
out=runs-output/reference
store=runs-output/store
force=
tracking=
if [ "${HEMLINE_SMOKE:-0}" = 1 ]; then
    config=trainer/configs/smoke.toml
    force='a smoke run, which tests the pipeline and not the model'
fi
while [ $# -gt 0 ]; do
    case "$1" in
        -h | --help) usage; exit 0 ;;
        --config | --out | --store | --force | --tracking) [ $# -ge 2 ] || wrong "$1 needs a value" ;;
        *) wrong "no such option: $1" ;;
    esac
    case "$1" in
        --config) config=$2 ;;
        --out) out=$2 ;;
        --store) store=$2 ;;
        --force) force=$2 ;;
        --tracking) tracking=$2 ;;
    esac
    shift 2
done
cd "$(dirname -- "$0")/.."

step() { echo "== $1" >&2; }

step '1 tools'
uv=.cache/uv/bin/uv
if [ ! -x "$uv" ]; then
    python3 -m venv .cache/uv
    .cache/uv/bin/pip install -q uv==0.13.9
fi
"$uv" sync --quiet --project trainer --locked
trainer() { "$uv" run --quiet --project trainer --locked hemline-trainer "$@"; }

step '2 train'
resume=
[ ! -e "$out/forecaster.pt" ] || resume=--resume
trainer train --config "$config" --out "$out" ${resume:+"$resume"} ${tracking:+--tracking "$tracking"}

step '3 publish'
trainer publish --run "$out" --store "$store" ${force:+--force "$force"}

step '4 mirror'
trainer registry sync --store "$store" ${tracking:+--tracking "$tracking"}

echo "serve it with: ./hemline serve --set store.url=$store"
