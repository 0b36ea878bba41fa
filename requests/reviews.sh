#!/usr/bin/env bash
# Reviews of posts: submit, ask for changes, submit again, approve; comments, decisions, revisions.
. "$(dirname "$0")/call.sh"

brand=$(brand)
post=$(send POST /api/posts '{"brandId":"'$brand'","caption":"Is this good?","platforms":["mastodon"]}' | field id)

send POST "/api/posts/$post/submit" '{"note":"please have a look"}'
send POST "/api/posts/$post/comments" '{"body":"The second word could go."}'
call GET "/api/posts/$post/comments"
send POST "/api/posts/$post/request-changes" '{"note":"shorter"}'
send PUT "/api/posts/$post" '{"caption":"Good?"}'
send POST "/api/posts/$post/submit" '{}'
call POST "/api/posts/$post/withdraw"
call GET "/api/posts/$post/decisions"
call GET "/api/posts/$post/revisions"
call GET "/api/approvals"
call DELETE "/api/posts/$post"
