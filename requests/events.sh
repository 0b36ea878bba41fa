#!/usr/bin/env bash
# The feed of everything that happened; what Zapier and others ask for.
. "$(dirname "$0")/call.sh"

answer=$(call GET "/api/events?limit=5")
echo "$answer"
cursor=$(field nextCursor <<< "$answer")
# Waits up to five seconds for something new.
call GET "/api/events?cursor=$cursor&wait=5&limit=5"
event=$(field id <<< "$answer")
[ -z "$event" ] || call GET "/api/events/$event"
send POST /api/events/trigger '{"event":"post.published"}'
call GET /api/hooks/samples/post.published
