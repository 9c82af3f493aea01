#!/bin/sh
# Lints the rendered configuration. Two linters, because their checks differ; each in its own environment, because both
# are named gixy.
# Usage: nginx/lint.sh path/to/uv
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"  # started by root, nginx reads it as the user nobody
"$(dirname -- "$0")/run.sh" check "$folder"
for linter in gixy==0.1.21 gixy-ng==0.2.59; do
    # The variable $backend is one of two upstream groups, so no name needs a resolver.
    skipped=
    [ "$linter" = gixy==0.1.21 ] || skipped=--skips=missing_resolver
    # shellcheck disable=SC2086 # zero or one word
    report=$("$1" tool run --quiet --from "$linter" gixy $skipped "$folder/conf.checked/nginx.conf" 2>&1) || {
        printf '%s\n%s has findings\n' "$report" "$linter" >&2
        exit 1
    }
    echo "$linter has no findings"
done
