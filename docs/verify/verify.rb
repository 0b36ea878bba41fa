require "base64"
require "openssl"

# X-Audenci-Signature: hex HMAC-SHA256 of the body, keyed with the secret as shown.
def verify_audenci(secret, headers, body)
  expected = OpenSSL::HMAC.hexdigest("SHA256", secret, body)
  OpenSSL.secure_compare(expected, headers["x-audenci-signature"].to_s)
end

# webhook-id, webhook-timestamp, webhook-signature: Standard Webhooks, within five minutes.
def verify_standard(secret, headers, body, now = Time.now.to_i)
  id = headers["webhook-id"].to_s
  timestamp = headers["webhook-timestamp"].to_s
  return false if id.empty? || timestamp !~ /\A[0-9]+\z/ || (now - timestamp.to_i).abs > 300

  key = Base64.decode64(secret.delete_prefix("whsec_"))
  mac = OpenSSL::HMAC.digest("SHA256", key, "#{id}.#{timestamp}.".b + body.b)
  expected = "v1,#{Base64.strict_encode64(mac)}"
  headers["webhook-signature"].to_s.split(" ").any? { |given| OpenSSL.secure_compare(expected, given) }
end
