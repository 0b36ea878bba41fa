#!/usr/bin/env bash
# Campaigns: create, change, give a post, pause, go on, sum up, end.
. "$(dirname "$0")/call.sh"

brand=$(brand)
campaign=$(send POST /api/campaigns '{"name":"Spring","brandId":"'$brand'","startsAt":"'$(soon 2)'","endsAt":"'$(soon 864000)'"}' | field id)

send PUT "/api/campaigns/$campaign" '{"name":"Spring sale"}'
send POST /api/posts '{"brandId":"'$brand'","caption":"Spring is here","platforms":["mastodon"],"campaignId":"'$campaign'"}'
call GET "/api/campaigns/$campaign/summary"
call GET "/api/campaigns?brandId=$brand&limit=5"

# Only what is active can be paused: its start was two seconds after its creation.
for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ "$(call GET "/api/campaigns/$campaign" 2> /dev/null | field status)" = ACTIVE ] && break
    sleep 1
done
call POST "/api/campaigns/$campaign/pause"
call POST "/api/campaigns/$campaign/resume"
call POST "/api/campaigns/$campaign/pause"
call POST "/api/campaigns/$campaign/cancel"
call GET "/api/campaigns/$campaign"
