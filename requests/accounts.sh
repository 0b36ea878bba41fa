#!/usr/bin/env bash
# Social accounts: connect one of the sandbox, disable, enable, disconnect; what became visible on it.
. "$(dirname "$0")/call.sh"

brand=$(brand)
account=$(send POST /api/social/accounts '{"brandId":"'$brand'","platform":"mastodon","sandbox":true}' | field id)

call GET "/api/social/accounts?platform=mastodon&brandId=$brand"
call GET "/api/social/accounts/$account"
send PUT "/api/social/accounts/$account" '{"status":"DISABLED"}'
send PUT "/api/social/accounts/$account" '{"status":"ACTIVE"}'
# The next request to publish on it fails, once.
send PUT "/api/sandbox/accounts/$account" '{"fault":{"mode":"status","status":503,"count":1}}'
call GET "/api/sandbox/accounts/$account/posts"
call DELETE "/api/social/accounts/$account"
