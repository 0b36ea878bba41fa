import base64
import hashlib
import hmac
import time


def verify_audenci(secret: str, headers: dict, body: bytes) -> bool:
    """X-Audenci-Signature: hex HMAC-SHA256 of the body, keyed with the secret as shown."""
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), headers.get("x-audenci-signature", "").encode())


def verify_standard(secret: str, headers: dict, body: bytes, now: float | None = None) -> bool:
    """webhook-id, webhook-timestamp, webhook-signature: Standard Webhooks, within five minutes."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not timestamp.isascii() or not timestamp.isdigit():
        return False
    if abs((now or time.time()) - int(timestamp)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    return any(hmac.compare_digest(expected, given.encode()) for given in headers.get("webhook-signature", "").split(" "))
