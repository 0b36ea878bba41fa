#!/usr/bin/env bash
# Brands: create, change, list.
. "$(dirname "$0")/call.sh"

brand=$(send POST /api/brands '{"name":"Sample '$RANDOM'","colors":["#0b3d91","#ffffff"]}' | field id)
call GET "/api/brands?limit=5"
call GET "/api/brands/$brand"
send PUT "/api/brands/$brand" '{"brandCards":false}'
