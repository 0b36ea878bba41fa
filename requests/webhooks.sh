#!/usr/bin/env bash
# Webhooks: create over a bin, test, look at the log, send again, rotate the key, delete.
. "$(dirname "$0")/call.sh"

# A URL of the server's own that takes any request.
answer=$(call POST /api/bins)
bin=$(field id <<< "$answer")
url=$(field url <<< "$answer")

webhook=$(send POST /api/webhooks '{"url":"'$url'","events":["post.published","post.failed"],"headers":{"X-Own":"1"},"enabled":true}' | field id)
send POST "/api/webhooks/$webhook/test" '{"event":"post.published"}'
# What arrived, with its headers and signatures.
call GET "/api/bins/$bin/requests"

send PATCH "/api/webhooks/$webhook" '{"events":["post.*"],"description":"Samples"}'
call GET "/api/webhooks/$webhook"
call GET /api/webhooks/events
delivery=$(call GET "/api/webhooks/$webhook/deliveries" | field id)
call GET "/api/deliveries/$delivery/attempts"
call POST "/api/deliveries/$delivery/resend"
call GET "/api/webhooks/$webhook/stats"
send POST "/api/webhooks/$webhook/replay" '{"since":"'$(soon -3600)'","states":["failed"],"dryRun":true}'

call GET "/api/webhooks/$webhook/secret"
send POST "/api/webhooks/$webhook/secret/rotate" '{"overlapSeconds":3600}'
call POST "/api/webhooks/$webhook/secret/promote"

call POST "/api/webhooks/$webhook/disable"
send POST "/api/webhooks/$webhook/enable" '{"recover":"none"}'
call DELETE "/api/webhooks/$webhook"
call DELETE "/api/bins/$bin"
