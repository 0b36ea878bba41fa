#!/usr/bin/env bash
# Brands: create, change, list, give a logo.
. "$(dirname "$0")/call.sh"

brand=$(send POST /api/brands '{"name":"Sample '$RANDOM'","colors":["#0b3d91","#ffffff"]}' | field id)
call GET "/api/brands?limit=5"
call GET "/api/brands/$brand"
send PUT "/api/brands/$brand" '{"brandCards":false}'

# Its logo: a picture of the library, shown on its brand cards.
logo=$(base64 -d <<< iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg== \
    | call POST "/api/media?filename=logo.png" -H "Content-Type: image/png" --data-binary @- | field id)
send PUT "/api/brands/$brand" '{"logoMediaId":"'"$logo"'"}'
send PUT "/api/brands/$brand" '{"logoMediaId":null}'
