#!/usr/bin/env bash
# Automations: create, try without effect, list, look at runs, delete.
. "$(dirname "$0")/call.sh"

automation=$(send POST /api/automations '{"name":"Tell me of failures","enabled":false,"trigger":{"type":"event","event":"post.failed"},"conditions":[],"actions":[{"type":"notify","message":"A post failed"}]}' | field id)
call GET "/api/automations?limit=5"
call POST "/api/automations/$automation/dry-run"
call GET "/api/automations/$automation/runs"
call DELETE "/api/automations/$automation"
