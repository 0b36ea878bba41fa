# Needs bash and openssl. The body is read from a file, so that its bytes stay as they arrived.

# verify_audenci SECRET BODY_FILE SIGNATURE: X-Audenci-Signature, hex HMAC-SHA256 of the body, keyed with the secret as shown.
verify_audenci() {
    local expected
    expected=$(openssl dgst -sha256 -mac HMAC -macopt "hexkey:$(printf %s "$1" | od -An -v -tx1 | tr -d ' \n')" -hex < "$2")
    _equal "${expected##* }" "$3"
}

# verify_standard SECRET BODY_FILE ID TIMESTAMP SIGNATURES [NOW]: Standard Webhooks, within five minutes.
verify_standard() {
    local now=${6:-$(date +%s)} key expected given
    [[ -n $3 && $4 =~ ^[0-9]{1,15}$ ]] || return 1
    (( now - 10#$4 <= 300 && 10#$4 - now <= 300 )) || return 1
    key=$(printf %s "${1#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
    expected=v1,$({ printf '%s.%s.' "$3" "$4"; cat "$2"; } |
        openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
    for given in $5; do
        _equal "$expected" "$given" && return 0
    done
    return 1
}

# Compares digests of what is compared: how long that takes says nothing about where they differ.
_equal() {
    [[ $(printf %s "$1" | openssl dgst -sha256) == $(printf %s "$2" | openssl dgst -sha256) ]]
}
