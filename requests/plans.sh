#!/usr/bin/env bash
# Content plans: show what one would hold, make it, make posts of it.
. "$(dirname "$0")/call.sh"

brand=$(brand)
wish='{"brandId":"'$brand'","dateFrom":"'$(soon 86400)'","dateTo":"'$(soon 1296000)'","totalPosts":6,"platforms":["mastodon"],"goals":"More visitors"}'

send POST /api/plans/generate-preview "$wish"
plan=$(send POST /api/plans "$wish" | field id)
call GET "/api/plans/$plan"
call GET "/api/plans?limit=5"
send POST "/api/plans/$plan/revise" '{"prompt":"Fewer on weekends"}'
call POST "/api/plans/$plan/cancel"
call DELETE "/api/plans/$plan"
