#!/bin/sh
# Runs nginx with this configuration in its own folder.
set -eu
source=$(cd -- "$(dirname -- "$0")" && pwd)

usage() {
    cat <<'USAGE'
Usage: nginx/run.sh VERB [FOLDER]

  start    render, check, and run in the foreground; SIGQUIT stops it gracefully, SIGTERM at once
  reload   render, check, and reload without losing a request; an invalid configuration changes nothing
  check    render and check
  stop     stop the running nginx gracefully

FOLDER (default $EDGE_FOLDER, else /tmp/hemline-nginx) receives the rendered configuration, logs, cache, pid and, unless
one is configured, a self-signed certificate. nginx/site.env has the site's values; environment variables override them.
USAGE
}

fail() {
    echo "nginx/run.sh: $1" >&2
    exit "${2:-1}"
}

case "${1:-}" in
    start | reload | check | stop) verb=$1 ;;
    -h | --help | help) usage; exit 0 ;;
    '') usage >&2; exit 2 ;;
    *) usage >&2; fail "no such verb: $1" 2 ;;
esac
folder=${2:-${EDGE_FOLDER:-/tmp/hemline-nginx}}

# shellcheck source=site.env
. "$source/site.env"
found=$("$source/fetch.sh")
nginx=$(echo "$found" | sed -n 1p)
BROTLI_MODULE=$(echo "$found" | sed -n 2p)

# nginx needs no root. Started by root, all of it runs as the user nobody, because workers of a root master could not
# enter folders of mode 700.
unprivileged() {
    if [ "$(id -u)" != 0 ]; then
        "$@"
        return
    fi
    # shellcheck disable=SC2046 # options are words
    setpriv $(nobody_options) "$@"
}
nobody_options() {
    caps=-all
    [ "${EDGE_LISTEN##*:}" -ge 1024 ] || caps=-all,+net_bind_service
    echo "--reuid=65534 --regid=65534 --clear-groups --inh-caps=$caps --ambient-caps=$caps"
}

prepare() {
    mkdir -p "$folder" && cd "$folder" && folder=$PWD && umask 077
    mkdir -p logs cache temp
    if [ "${nginx#"${source%/*}"/.cache/}" != "$nginx" ]; then
        # Downloaded packages run from a copy that the user nobody can read, with their own libraries.
        cp -R "${nginx%/usr/sbin/nginx}" fetched.new && rm -rf fetched && mv fetched.new fetched
        BROTLI_MODULE=$folder/fetched/${BROTLI_MODULE#*/root/}
        nginx=$folder/fetched/usr/sbin/nginx
        LD_LIBRARY_PATH=$folder/fetched/usr/lib/$(uname -m)-linux-gnu${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
        export LD_LIBRARY_PATH
    fi
    certificate
    [ "$(id -u)" != 0 ] || chown -R 65534:65534 "$folder"
    unprivileged test -r "$EDGE_CERTIFICATE_KEY" || fail "the user nobody, as which nginx runs, cannot read $EDGE_CERTIFICATE_KEY; all folders above need mode o+x"
    unprivileged test -x "$nginx" || fail "the user nobody cannot run $nginx: $folder and all folders above need mode o+x"
}

certificate() {
    if [ -n "$EDGE_CERTIFICATE" ]; then
        [ -n "$EDGE_CERTIFICATE_KEY" ] || fail "EDGE_CERTIFICATE needs EDGE_CERTIFICATE_KEY" 2
        return
    fi
    EDGE_CERTIFICATE=$folder/certificate.pem
    EDGE_CERTIFICATE_KEY=$folder/key.pem
    [ -f "$EDGE_CERTIFICATE" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
        -subj "/CN=$EDGE_SERVER_NAME" -addext "subjectAltName=DNS:$EDGE_SERVER_NAME" \
        -keyout "$EDGE_CERTIFICATE_KEY" -out "$EDGE_CERTIFICATE" 2>/dev/null || fail "openssl could not create a certificate"
}

# Copies conf and fills the placeholders in conf/site.
render() {
    rm -rf "$1" && cp -R "$source/conf" "$1"
    UPSTREAM_SERVERS='' TRUSTED_PROXIES='' FOLDER=$folder
    [ ${#folder} -le 90 ] || fail "$folder: the path of a socket has at most 107 bytes, so that of the folder at most 90" 2
    for server in $EDGE_UPSTREAMS; do UPSTREAM_SERVERS="$UPSTREAM_SERVERS server $server max_fails=1 fail_timeout=1s;"; done
    for range in $EDGE_TRUSTED_PROXIES; do TRUSTED_PROXIES="$TRUSTED_PROXIES set_real_ip_from $range;"; done
    for name in BROTLI_MODULE UPSTREAM_SERVERS TRUSTED_PROXIES EDGE_LISTEN EDGE_SERVER_NAME EDGE_CERTIFICATE EDGE_CERTIFICATE_KEY \
        EDGE_RATE EDGE_BURST EDGE_CONNECTIONS EDGE_KEY_MD5 EDGE_STALE FOLDER; do
        eval "value=\$$name"
        case "$value" in *['|&\']*) fail "$name must not contain | & or \\: $value" 2 ;; esac
        sed -i "s|@$name@|$value|" "$1"/site/*.conf
    done
    [ "$(id -u)" != 0 ] || chown -R 65534:65534 "$1"
    unprivileged "$nginx" -q -t -p "$folder/" -e logs/error.log -c "$1/nginx.conf" || fail "the configuration is invalid; nothing was changed"
}

running() {
    pid=$(cat "$folder/nginx.pid" 2>/dev/null) && kill -0 "$pid" 2>/dev/null
}

case "$verb" in
    stop)
        running || fail "no nginx runs in $folder"
        kill -QUIT "$pid"
        ;;
    check)
        prepare
        render "$folder/conf.checked"
        echo "$folder/conf.checked is valid"
        ;;
    start)
        ! running || fail "already running in $folder (pid $pid)"
        prepare
        rm -f "$folder/collapse.sock" # left by a killed nginx
        render "$folder/conf"
        if [ "$(id -u)" = 0 ]; then
            # shellcheck disable=SC2046 # options are words
            exec setpriv $(nobody_options) "$nginx" -p "$folder/" -e logs/error.log -c "$folder/conf/nginx.conf" -g 'daemon off;'
        fi
        exec "$nginx" -p "$folder/" -e logs/error.log -c "$folder/conf/nginx.conf" -g 'daemon off;'
        ;;
    reload)
        running || fail "no nginx runs in $folder"
        prepare
        render "$folder/conf.new"
        rm -rf "$folder/conf.old"
        mv "$folder/conf" "$folder/conf.old"
        mv "$folder/conf.new" "$folder/conf"
        kill -HUP "$pid"
        ;;
esac
