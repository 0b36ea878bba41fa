#!/usr/bin/env bash
# The organization, what it uses, its members and invitations; the key; the server.
. "$(dirname "$0")/call.sh"

call GET /api/organization
call GET /api/organization/usage
call GET /api/members
invite=$(send POST /api/invites '{"email":"sample-'$RANDOM'@acme.test","role":"CREATOR","message":"Welcome"}' | field id)
call GET /api/invites
call POST "/api/invites/$invite/resend"
call DELETE "/api/invites/$invite"
call GET /api/audit
call GET /api/me
call GET /api/meta
