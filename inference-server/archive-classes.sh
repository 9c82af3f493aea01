#!/bin/sh
# Starts the built server once and keeps its parsed classes (JEP 350), so that every later start takes half of the time.
# Without the archive the server starts too, only slower; so nothing here fails a build.
cd "$(dirname "$0")/.." || exit 0

archive=inference-server/target/classes.jsa
log=inference-server/target/archive-classes.log
rm -f "$archive"
HEMLINE_JAVA_OPTS="-XX:ArchiveClassesAtExit=$archive" \
    ./hemline serve --set http.port=0 --set admin.port=0 --set grpc.port=0 >"$log" 2>&1 &
server=$!
tries=300
until door=$(sed -n 's|^  console *\(http://[^ ]*\)$|\1|p' "$log") && [ -n "$door" ]; do
    tries=$((tries - 1))
    if [ "$tries" = 0 ] || ! kill -0 "$server" 2>/dev/null; then
        kill "$server" 2>/dev/null
        echo "no class archive was made, starts will be slower; see $log" >&2
        exit 0
    fi
    sleep 0.1
done
# One answer, so that the classes of the whole way are in.
curl -s "${door}v1/trends?limit=1" >/dev/null 2>&1
kill -TERM "$server"
wait "$server"
[ -s "$archive" ] || echo "no class archive was made, starts will be slower; see $log" >&2
exit 0
