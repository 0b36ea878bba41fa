#!/usr/bin/env bash
# Generated pictures and captions, and the jobs that make them.
. "$(dirname "$0")/call.sh"

brand=$(brand)
job=$(send POST /api/images/generate '{"prompt":"A mountain at dawn","brandId":"'$brand'","platform":"instagram","count":1}' | field id)
call GET "/api/jobs/$job"
send POST /api/captions/generate '{"prompt":"A new product","brandId":"'$brand'"}'
call GET /api/credits
