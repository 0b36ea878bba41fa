#!/usr/bin/env bash
# Categories, pillars and tags, by which posts are sorted.
. "$(dirname "$0")/call.sh"

for path in categories pillars tags; do
    id=$(send POST "/api/$path" '{"name":"Sample '$RANDOM'"}' | field id)
    call GET "/api/$path?limit=5"
    call GET "/api/$path/$id"
    send PUT "/api/$path/$id" '{"name":"Renamed '$RANDOM'"}'
    call DELETE "/api/$path/$id"
done
