#!/usr/bin/env bash
# Data taken along: ask for an archive, wait until it is whole, look what is in it.
. "$(dirname "$0")/call.sh"

export=$(send POST /api/exports '{}' | field id)
for _ in $(seq 50); do
    status=$(call GET "/api/exports/$export" 2> /dev/null | field status)
    [ "$status" = RUNNING ] || [ "$status" = QUEUED ] || break
    sleep 0.2
done
call GET "/api/exports/$export"
call GET "/api/exports/$export/content" > /dev/null
