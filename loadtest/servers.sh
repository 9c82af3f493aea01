# shellcheck shell=bash
# Starts the servers of run.sh without TARGET: one server, two behind nginx, or two behind nginx and the Worker.

folder=
children=()
THROUGH='' # the hop that every response must name
VICTIM=''  # the URL of the component that `faults` kills

start_servers() {
    folder=$(mktemp -d "${TMPDIR:-/tmp}/hemline-load-XXXXXX")
    chmod 755 "$folder"
    cp -r model-store/demo/store "$folder/store"
    local options=(--set "store.url=$folder/store") via=$VIA java=${HEMLINE_JAVA_OPTS:-}
    # A small pre-touched heap, so that only a leak can grow.
    if [ "$1" = soak ]; then
        java="-Xms256m -Xmx256m -XX:+AlwaysPreTouch $java"
        options+=(--set cache.max-bytes=64000000)
    fi
    if [ "$1" = faults ]; then
        if [ "$FAULT" = replica ]; then via=nginx VICTIM=http://127.0.0.1:18090/health/ready; else via=server; fi
        if [ "$FAULT" = postgres ]; then start_postgres; fi
    fi
    if [ "$via" = server ]; then
        options+=(--set http.port=18080 --set admin.port=18081 --set grpc.port=0 "${feast[@]}")
        HEMLINE_JAVA_OPTS=$java child server ./hemline serve "${options[@]}"
        TARGET=http://127.0.0.1:18080 ADMIN=http://127.0.0.1:18081
        await "curl -sf $TARGET/health/ready" server
        return
    fi
    local worker=off
    [ "$via" = nginx ] || worker=18787
    STAGE=$folder/edge SERVER_PORTS="18080 18090" EDGE_LISTEN=127.0.0.1:18443 WORKER_PORT=$worker KEEP_GOING=1 \
        HEMLINE_JAVA_OPTS=$java child edge nginx/edge.sh "${options[@]}"
    await "test -f $folder/edge/urls" edge
    # shellcheck source=/dev/null
    . "$folder/edge/urls"
    TARGET=$NGINX_URL THROUGH=hemline-nginx
    [ "$via" = nginx ] || TARGET=$WORKER_URL THROUGH=hemline-edge
    ADMIN=$ADMIN_URLS
    [ "$1" != faults ] || ADMIN=
    export SSL_CERT_FILE=$folder/edge/certificate.pem
}

stop_servers() {
    local pid
    for pid in "${children[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
    for pid in "${children[@]}"; do wait "$pid" 2>/dev/null || true; done
    children=() feast=()
    if [ -n "$folder" ] && [ -d "$folder/postgres" ]; then
        postgres_program pg_ctl -s -D "$folder/postgres" -m immediate stop 2>/dev/null || true
    fi
    [ -z "$folder" ] || rm -rf "$folder"
    # shellcheck disable=SC2034 # run.sh's
    folder='' TARGET='' ADMIN='' THROUGH='' VICTIM=''
}

child() {
    local name=$1
    shift
    "$@" >"$folder/$name.log" 2>&1 &
    children+=($!)
}

await() {
    local i
    for ((i = 0; i < 1200; i++)); do
        eval "$1" >/dev/null 2>&1 && return
        kill -0 "${children[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    cat "$folder/$2.log" >&2
    echo "loadtest: $2 did not become ready" >&2
    exit 1
}

# Kills and restarts the victim on the lines of faults.js on stdin; prints all other lines and returns k6's exit code.
# The script itself verifies the effect.
obey_faults() {
    local k6=$! line
    while read -r line; do
        case "$line" in
            *'fault: inject'*) kill_victim ;;
            *'fault: recover'*) restart_victim ;;
            *) printf '%s\n' "$line" ;;
        esac
    done
    wait "$k6"
}

victim_command=()
kill_victim() {
    local pid
    if [ "$FAULT" = replica ]; then
        pid=$(cat "$folder/edge/server-2.pid")
        mapfile -d '' -t victim_command <"/proc/$pid/cmdline"
        kill -KILL "$pid"
    else
        postgres_program pg_ctl -s -D "$folder/postgres" -m immediate stop
    fi
    echo "-- killed the $FAULT"
}

restart_victim() {
    if [ "$FAULT" = replica ]; then child server-2 "${victim_command[@]}"; else launch_postgres; fi
    echo "-- restarted the $FAULT"
}

# A PostgreSQL, filled by the real Feast from the demo's snapshot. PostgreSQL refuses to run as root.
feast=()
postgres_port=15432
start_postgres() {
    local password
    [ -n "$(postgres_folder)" ] || {
        echo "loadtest: FAULT=postgres needs PostgreSQL's initdb and pg_ctl (Debian: apt install postgresql)" >&2
        exit 1
    }
    password=$(openssl rand -hex 16)
    mkdir "$folder/postgres"
    [ "$(id -u)" != 0 ] || chown 65534:65534 "$folder/postgres"
    printf %s "$password" >"$folder/password"
    chmod 644 "$folder/password"
    postgres_program initdb -D "$folder/postgres" -U hemline -A scram-sha-256 --pwfile="$folder/password" \
        >"$folder/postgres.log"
    launch_postgres
    VICTIM=http://127.0.0.1:$postgres_port/
    FEAST_PG_HOST=127.0.0.1 FEAST_PG_PORT=$postgres_port FEAST_PG_DATABASE=postgres FEAST_PG_SSLMODE=disable \
        FEAST_PG_USER=hemline FEAST_PG_PASSWORD=$password \
        .cache/uv/bin/uv run --quiet --project data-pipeline/feature_repo --locked \
        python data-pipeline/feature_repo/load_snapshot.py model-store/demo/features.jsonl.gz
    export HEMLINE_FEATURES_POSTGRES_PASSWORD=$password
    feast=(
        --set features.source=feast
        --set "features.postgres.url=postgresql://127.0.0.1:$postgres_port/postgres"
        --set features.postgres.user=hemline
    )
}

launch_postgres() {
    local options="-p $postgres_port -k $folder/postgres -c listen_addresses=127.0.0.1 -c timezone=UTC"
    postgres_program pg_ctl -s -w -D "$folder/postgres" -o "$options" -l "$folder/postgres/log" start
}

postgres_folder() {
    local found
    for found in "$(dirname "$(command -v initdb || echo /nowhere/initdb)")" /usr/lib/postgresql/*/bin; do
        if [ -x "$found/initdb" ]; then echo "$found"; return; fi
    done
}

postgres_program() {
    local program
    program=$(postgres_folder)/$1
    shift
    if [ "$(id -u)" = 0 ]; then
        (cd / && setpriv --reuid=65534 --regid=65534 --clear-groups "$program" "$@")
    else
        "$program" "$@"
    fi
}
