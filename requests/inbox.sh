#!/usr/bin/env bash
# Comments and mentions: list, read, answer.
. "$(dirname "$0")/call.sh"

call GET "/api/inbox?limit=5"
item=$(call GET "/api/inbox?limit=1" 2> /dev/null | field id)
if [ -n "$item" ]; then
    call GET "/api/inbox/$item"
    send PUT "/api/inbox/$item" '{"status":"READ"}'
    send POST "/api/inbox/$item/reply" '{"text":"Thank you!"}'
fi
