import Crypto
import Foundation

/// The two signatures of a delivery, computed as the server does, and compared in a time that says nothing.
enum WebhookSignature {
    /// Whether a value of `X-Audenci-Signature` is the HMAC of a body, in any of the forms that a webhook can ask for.
    static func isGenuine(_ value: String, body: some DataProtocol, secret: String) -> Bool {
        let code = Data(HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.utf8))))
        let hex = code.map { byte in String(digits[Int(byte >> 4)]) + String(digits[Int(byte & 15)]) }.joined()
        return [hex, "sha256=" + hex, code.base64EncodedString()].reduce(false) { equal($1, value) || $0 }
    }

    /// Whether one of the values of `webhook-signature` is that of Standard Webhooks.
    static func isStandard(_ values: String, id: String, timestamp: String, body: some DataProtocol, secret: String) -> Bool {
        var code = HMAC<SHA256>(key: standardKey(secret))
        code.update(data: Data("\(id).\(timestamp).".utf8))
        code.update(data: body)
        let expected = "v1," + Data(code.finalize()).base64EncodedString()
        // More values than keys can sign at a time are an attempt to keep this machine busy.
        return values.split(separator: " ").prefix(20).reduce(false) { equal(expected, String($1)) || $0 }
    }

    /// The bytes whose base64 follows `whsec_`; the text itself where that is none, as on the server.
    private static func standardKey(_ secret: String) -> SymmetricKey {
        let encoded = secret.hasPrefix("whsec_") ? String(secret.dropFirst(6)) : secret
        return SymmetricKey(data: Data(base64Encoded: encoded) ?? Data(secret.utf8))
    }

    /// Takes as long whatever differs; only the length, which everybody knows, ends it early.
    private static func equal(_ expected: String, _ given: String) -> Bool {
        guard expected.utf8.count == given.utf8.count else { return false }
        return zip(expected.utf8, given.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static let digits = Array("0123456789abcdef")
}
