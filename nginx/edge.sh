#!/usr/bin/env bash
# Runs the whole chain on this machine: the Worker, nginx and two servers. Ctrl-C stops all of them gracefully.
# Usage: nginx/edge.sh [SERVER OPTIONS]     options for both servers, such as --set store.url=$PWD/store
#        EDGE_LISTEN, EDGE_RATE, … of site.env configure nginx, WORKER_PORT (off: none) the Worker, and
#        SERVER_PORTS="8080 8090" the servers, each with its port and the next two.
#        STAGE=FOLDER receives logs and addresses.
#        KEEP_GOING=1 continues when one of the processes exits.
set -euo pipefail
cd "$(dirname "$0")/.."

read -r port_1 port_2 <<<"${SERVER_PORTS:-8080 8090}"
export EDGE_LISTEN=${EDGE_LISTEN:-127.0.0.1:8443} EDGE_UPSTREAMS="127.0.0.1:$port_1 127.0.0.1:$port_2"
# All clients have the same address here.
export EDGE_RATE=${EDGE_RATE:-5000} EDGE_BURST=${EDGE_BURST:-5000} EDGE_CONNECTIONS=${EDGE_CONNECTIONS:-1000}
nginx_url=https://localhost:${EDGE_LISTEN##*:}
worker_url=http://127.0.0.1:${WORKER_PORT:-8787}
[ "${WORKER_PORT:-}" != off ] && [ -f cloudflare-worker/wrangler.jsonc ] || worker_url=
folder=${STAGE:-$(mktemp -d "${TMPDIR:-/tmp}/hemline-edge-XXXXXX")}
mkdir -p "$folder"
chmod 755 "$folder"
names=() pids=() signals=()

# Starts a process in its own session, so that Ctrl-C reaches only this script, which stops the processes in order.
launch() {
    local name=$1 signal=$2
    shift 2
    setsid "$@" >"$folder/$name.log" 2>&1 &
    names+=("$name") pids+=($!) signals+=("$signal")
    echo $! >"$folder/$name.pid"
}

# Stops the processes from the client's side to the origin's, so that no process loses its upstream. npm and wrangler
# need the signal in their whole process group.
stop_all() {
    trap '' INT TERM
    trap - EXIT
    local i
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
        kill -"${signals[i]}" -- "-${pids[i]}" 2>/dev/null || true
        wait "${pids[i]}" 2>/dev/null || true
    done
    [ -n "${STAGE:-}" ] || rm -rf "$folder"
    exit "$1"
}
trap 'stop_all 0' INT TERM
trap 'stop_all $?' EXIT

fail() {
    echo "edge: $1" >&2
    exit 1
}

await() {
    local name=$1 url=$2 i
    for ((i = 0; i < 600; i++)); do
        curl -sfk -o /dev/null --max-time 5 "$url" && return
        kill -0 "${pids[-1]}" 2>/dev/null || break
        sleep 0.1
    done
    cat "$folder/$name.log" >&2
    fail "$name did not become ready at $url"
}

# Starts a server on three consecutive ports.
server() {
    local name=$1 port=$2 purge=()
    shift 2
    [ -z "$worker_url" ] ||
        purge=(--set "edge.purge-url=$worker_url/__purge" --set "edge.purge-secret-file=$folder/purge-secret")
    launch "$name" TERM ./hemline serve "${purge[@]}" \
        --set "http.allowed-hosts=localhost,${EDGE_SERVER_NAME:-localhost}" \
        --set "http.port=$port" --set "admin.port=$((port + 1))" --set "grpc.port=$((port + 2))" "$@"
}

worker_key=$(openssl rand -hex 16)
openssl rand -hex 16 >"$folder/purge-secret"
chmod 600 "$folder/purge-secret"

server server-1 "$port_1" "$@"
await server-1 "http://127.0.0.1:$port_1/health/ready"
server server-2 "$port_2" "$@"
await server-2 "http://127.0.0.1:$port_2/health/ready"

EDGE_KEY_MD5=$(printf %s "$worker_key" | openssl md5 -binary | openssl base64 | tr '+/' '-_' | tr -d '=')
export EDGE_KEY_MD5
launch nginx QUIT nginx/run.sh start "$folder/nginx"
await nginx "$nginx_url/health/ready"
cp "$folder/nginx/certificate.pem" "$folder/certificate.pem"
chmod 644 "$folder/certificate.pem"

if [ -n "$worker_url" ]; then
    [ -d cloudflare-worker/node_modules ] ||
        npm --prefix cloudflare-worker ci --no-fund --no-audit >"$folder/npm.log" 2>&1 || {
        cat "$folder/npm.log" >&2
        fail "npm ci in cloudflare-worker failed"
    }
    export NODE_EXTRA_CA_CERTS=$folder/certificate.pem # makes the Worker trust nginx's certificate
    launch worker TERM npm --prefix cloudflare-worker run dev -- --ip 127.0.0.1 --port "${worker_url##*:}" \
        --persist-to "$folder/worker" --var "ORIGIN:$nginx_url" --var AUTH_MODE:none --var RATE_LIMIT:off \
        --var "ORIGIN_KEY:$worker_key" --var "PURGE_SECRET:$(cat "$folder/purge-secret")" --var 'API_KEYS:{}'
    await worker "$worker_url/health/ready"
fi

cat <<URLS
  servers  http://127.0.0.1:$port_1  http://127.0.0.1:$port_2  (admin on $((port_1 + 1)) and $((port_2 + 1)))
  nginx    $nginx_url  (certificate: $folder/certificate.pem)
URLS
if [ -n "$worker_url" ]; then
    echo "  Worker   $worker_url  (purged by the servers; secret: $folder/purge-secret)"
else
    echo "  Worker   none"
fi
echo "  try      curl --cacert $folder/certificate.pem -i '$nginx_url/predict?hashtags=wideleg&market=vn'"
echo "  logs     $folder; Ctrl-C stops all"

cat >"$folder/urls.new" <<URLS
NGINX_URL=$nginx_url
WORKER_URL=$worker_url
ADMIN_URLS="http://127.0.0.1:$((port_1 + 1)) http://127.0.0.1:$((port_2 + 1))"
URLS
mv "$folder/urls.new" "$folder/urls"

if [ -n "${KEEP_GOING:-}" ]; then wait; fi
wait -n || true
for i in "${!pids[@]}"; do
    kill -0 "${pids[i]}" 2>/dev/null || { tail -20 "$folder/${names[i]}.log" >&2; fail "${names[i]} has exited"; }
done
