#!/usr/bin/env bash
# Figures: all, of a post, the best times, as a file, anew.
. "$(dirname "$0")/call.sh"

call GET /api/analytics
call GET /api/analytics/best-times
call GET "/api/analytics/export?format=csv"
post=$(call GET "/api/posts?status=PUBLISHED&limit=1" | field id)
if [ -n "$post" ]; then
    send POST /api/analytics/refresh '{"postId":"'$post'"}'
    call GET "/api/analytics/posts/$post"
fi
