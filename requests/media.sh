#!/usr/bin/env bash
# Pictures and videos: upload in both ways, look, describe, fetch, delete.
. "$(dirname "$0")/call.sh"

# A PNG of one pixel.
picture=$(mktemp --suffix .png)
trap 'rm -f "$picture"' EXIT
base64 -d <<< iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg== > "$picture"

media=$(call POST "/api/media?filename=pixel.png" -H "Content-Type: image/png" --data-binary "@$picture" | field id)
call POST /api/media -F "file=@$picture;type=image/png"
call GET "/api/media?limit=5"
send PUT "/api/media/$media" '{"altText":"A single pixel"}'
call GET "/api/media/$media"
call GET "/api/media/$media/content" -o "$picture"
call GET /api/media/folders
call DELETE "/api/media/$media"
