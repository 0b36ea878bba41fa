# What the samples share; they begin with `. "$(dirname "$0")/call.sh"`.
set -euo pipefail
: "${AUDENCI_URL:=http://127.0.0.1:8080}"
: "${AUDENCI_KEY:?is not set; make a key with: audenci keys create --name samples --scope admin}"

# call METHOD PATH [curl's arguments]: says what is asked, prints the answer; ends the script when it is an error.
call() {
    local method=$1 path=$2 headers=() answer
    shift 2
    # A write is not done twice when it is sent twice with the same key.
    [ "$method" = GET ] || headers=(-H "Idempotency-Key: $(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')")
    echo "# $method $path" >&2
    answer=$(curl -sS --fail-with-body -X "$method" "$AUDENCI_URL$path" -H "Authorization: Bearer $AUDENCI_KEY" \
        ${headers[@]+"${headers[@]}"} "$@") || {
        echo "$answer" >&2
        return 1
    }
    printf '%s\n' "$answer"
}

# send METHOD PATH JSON: the same with a body.
send() { call "$1" "$2" -H "Content-Type: application/json" -d "$3"; }

# field NAME: the first value of that name in the JSON on standard input.
field() { { grep -o "\"$1\":\"[^\"]*\"" || true; } | { IFS= read -r first && cat > /dev/null; printf '%s' "$first"; } | cut -d'"' -f4; }

# soon SECONDS: an instant in the API's form.
soon() { date -u -d "@$(($(date +%s) + $1))" +%Y-%m-%dT%H:%M:%SZ 2> /dev/null || date -u -r "$(($(date +%s) + $1))" +%Y-%m-%dT%H:%M:%SZ; }

# brand: the first brand's id, or AUDENCI_BRAND.
brand() { if [ -n "${AUDENCI_BRAND:-}" ]; then echo "$AUDENCI_BRAND"; else call GET "/api/brands?limit=1" | field id; fi; }
