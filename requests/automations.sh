#!/usr/bin/env bash
# Automations: create, try without effect, list, look at runs and at what they told, delete.
. "$(dirname "$0")/call.sh"

automation=$(send POST /api/automations '{"name":"Tell me of failures","enabled":false,"trigger":{"type":"post.failed"},"actions":[{"type":"send_notification","title":"Failed: {{data.title}}"}]}' | field id)
call GET "/api/automations?limit=5"
send POST "/api/automations/$automation/dry-run" '{}'
call GET "/api/automations/$automation/runs"
call GET "/api/notifications?limit=5"
call DELETE "/api/automations/$automation"
