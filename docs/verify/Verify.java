import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Verify {
    /** X-Audenci-Signature: hex HMAC-SHA256 of the body, keyed with the secret as shown. */
    public static boolean audenci(String secret, Map<String, String> headers, byte[] body) throws GeneralSecurityException {
        byte[] mac = hmac(secret.getBytes(StandardCharsets.UTF_8), body);
        return equal(HexFormat.of().formatHex(mac), headers.getOrDefault("x-audenci-signature", ""));
    }

    /** webhook-id, webhook-timestamp, webhook-signature: Standard Webhooks, within five minutes. */
    public static boolean standard(String secret, Map<String, String> headers, byte[] body, long now)
            throws GeneralSecurityException {
        String id = headers.getOrDefault("webhook-id", "");
        String timestamp = headers.getOrDefault("webhook-timestamp", "");
        if (id.isEmpty() || !timestamp.matches("[0-9]{1,15}") || Math.abs(now - Long.parseLong(timestamp)) > 300) {
            return false;
        }
        byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
        byte[] start = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        String expected = "v1," + Base64.getEncoder().encodeToString(hmac(key, start, body));
        for (String given : headers.getOrDefault("webhook-signature", "").split(" ")) {
            if (equal(expected, given)) return true;
        }
        return false;
    }

    private static byte[] hmac(byte[] key, byte[]... parts) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        for (byte[] part : parts) mac.update(part);
        return mac.doFinal();
    }

    private static boolean equal(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
