#!/usr/bin/env bash
# API keys: make, look, rotate, revoke.
. "$(dirname "$0")/call.sh"

key=$(send POST /api/keys '{"name":"CRM sync","scope":"read-only"}' | field id)
call GET "/api/keys?limit=5"
call GET "/api/keys/$key"
next=$(send POST "/api/keys/$key/rotate" '{"graceSeconds":60}' | field id)
call DELETE "/api/keys/$key"
call DELETE "/api/keys/$next"
