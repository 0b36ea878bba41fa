import { createHmac, timingSafeEqual } from "node:crypto";

const equal = (a, b) => a.length === b.length && timingSafeEqual(a, b);

/** X-Audenci-Signature: hex HMAC-SHA256 of the body (a Buffer), keyed with the secret as shown. */
export function verifyAudenci(secret, headers, body) {
  const expected = createHmac("sha256", secret).update(body).digest("hex");
  return equal(Buffer.from(expected), Buffer.from(headers["x-audenci-signature"] ?? ""));
}

/** webhook-id, webhook-timestamp, webhook-signature: Standard Webhooks, within five minutes. */
export function verifyStandard(secret, headers, body, now = Date.now() / 1000) {
  const id = headers["webhook-id"] ?? "";
  const timestamp = headers["webhook-timestamp"] ?? "";
  if (!id || !/^[0-9]+$/.test(timestamp) || Math.abs(now - Number(timestamp)) > 300) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const mac = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
  const expected = Buffer.from(`v1,${mac}`);
  return (headers["webhook-signature"] ?? "").split(" ").some((given) => equal(expected, Buffer.from(given)));
}
