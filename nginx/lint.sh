#!/bin/sh
# Looks for known traps in the rendered configuration. Two linters, for each knows some that the other does not; each in an
# environment of its own, for both are named gixy.
# Usage: nginx/lint.sh path/to/uv
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"  # as root, nginx looks at it as nobody
"$(dirname -- "$0")/run.sh" check "$folder"
for linter in gixy==0.1.21 gixy-ng==0.2.59; do
    # The one name in a variable, $asked_of, is one of two upstream groups: there is nothing to resolve.
    skipped=
    [ "$linter" = gixy==0.1.21 ] || skipped=--skips=missing_resolver
    # shellcheck disable=SC2086 # none or one word
    report=$("$1" tool run --quiet --from "$linter" gixy $skipped "$folder/conf.checked/nginx.conf" 2>&1) || {
        printf '%s\n%s found something\n' "$report" "$linter" >&2
        exit 1
    }
    echo "$linter finds nothing"
done
