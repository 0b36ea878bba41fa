package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
)

// VerifyAudenci checks X-Audenci-Signature: hex HMAC-SHA256 of the body, keyed with the secret as shown.
func VerifyAudenci(secret string, headers map[string]string, body []byte) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hmac.Equal([]byte(hex.EncodeToString(mac.Sum(nil))), []byte(headers["x-audenci-signature"]))
}

// VerifyStandard checks webhook-id, webhook-timestamp and webhook-signature: Standard Webhooks, within five minutes.
func VerifyStandard(secret string, headers map[string]string, body []byte, now int64) bool {
	id, timestamp := headers["webhook-id"], headers["webhook-timestamp"]
	sent, err := strconv.ParseInt(timestamp, 10, 64)
	if id == "" || err != nil || now-sent > 300 || sent-now > 300 {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	expected := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	for _, given := range strings.Split(headers["webhook-signature"], " ") {
		if hmac.Equal(expected, []byte(given)) {
			return true
		}
	}
	return false
}
