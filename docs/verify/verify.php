<?php

/** X-Audenci-Signature: hex HMAC-SHA256 of the body, keyed with the secret as shown. */
function verify_audenci(string $secret, array $headers, string $body): bool
{
    return hash_equals(hash_hmac('sha256', $body, $secret), $headers['x-audenci-signature'] ?? '');
}

/** webhook-id, webhook-timestamp, webhook-signature: Standard Webhooks, within five minutes. */
function verify_standard(string $secret, array $headers, string $body, ?int $now = null): bool
{
    $id = $headers['webhook-id'] ?? '';
    $timestamp = $headers['webhook-timestamp'] ?? '';
    if ($id === '' || !ctype_digit($timestamp) || abs(($now ?? time()) - (int) $timestamp) > 300) {
        return false;
    }
    $key = base64_decode(preg_replace('/^whsec_/', '', $secret));
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $given) {
        if (hash_equals($expected, $given)) {
            return true;
        }
    }
    return false;
}
