#!/usr/bin/env bash
# Posts: check, create, change, list, publish, look, copy, delete.
. "$(dirname "$0")/call.sh"

brand=$(brand)
draft='{"brandId":"'$brand'","caption":"Check out our new product!","platforms":["mastodon"],"title":"Product"}'

send POST /api/posts/validate "$draft"
answer=$(send POST /api/posts "$draft")
echo "$answer"
post=$(field id <<< "$answer")

# Absent fields stay, null clears.
send PUT "/api/posts/$post" '{"caption":"Check out our newest product!","title":null}'
call GET "/api/posts/$post"
call GET "/api/posts?status=DRAFT,SCHEDULED&platform=mastodon&limit=5"
call POST "/api/posts/$post/duplicate"
send POST /api/posts/bulk '{"posts":['"$draft"','"$draft"']}'

call POST "/api/posts/$post/publish"
call GET "/api/posts/$post/publications"

# Nothing is kept of a dry run.
send POST "/api/posts?dryRun=true" "$draft"

scheduled=$(send POST /api/posts "${draft%\}},\"status\":\"SCHEDULED\",\"scheduledFor\":\"$(soon 86400)\"}" | field id)
call POST "/api/posts/$scheduled/cancel"
call DELETE "/api/posts/$scheduled"
