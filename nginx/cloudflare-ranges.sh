#!/bin/sh
# Refreshes the committed list of Cloudflare's address ranges; review the difference before you commit it.
# CLOUDFLARE is the base URL of ips-v4 and ips-v6; tests use a folder.
set -eu
list=$(dirname -- "$0")/conf/http/cloudflare-ranges.conf
from=${CLOUDFLARE:-https://www.cloudflare.com}
fetched=$(curl -fsS --max-time 20 "$from/ips-v4" && echo && curl -fsS --max-time 20 "$from/ips-v6") || {
    echo "cloudflare-ranges: cannot fetch the lists from $from; $list is unchanged" >&2
    exit 1
}
ranges=$(printf '%s\n' "$fetched" | grep -v '^$')

# An HTML error page must not become a list of trusted addresses.
if printf '%s\n' "$ranges" | grep -qvE '^[0-9a-f.:]+/[0-9]{1,3}$' || [ "$(printf '%s\n' "$ranges" | wc -l)" -lt 10 ]; then
    echo "cloudflare-ranges: the response is not a list of ranges; $list is unchanged" >&2
    exit 1
fi
{
    sed -n 1p "$list"
    printf '%s\n' "$ranges" | sed 's/.*/set_real_ip_from &;/'
} > "$list.new"
mv "$list.new" "$list"
git -C "$(dirname -- "$list")" diff --stat -- cloudflare-ranges.conf 2>/dev/null || true
