import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The two signatures that every delivery carries. Both sign the exact bytes that are sent.
package enum Signature {
    /// `X-Audenci-Signature`: lowercase hex HMAC-SHA256 of the body, keyed with the UTF-8 bytes of the secret as shown.
    package static func audenci(body: [UInt8], secret: Secret) -> String {
        HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.reveal().utf8))).hexadecimal
    }

    /// The same as base64.
    package static func audenciBase64(body: [UInt8], secret: Secret) -> String {
        Data(HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.reveal().utf8))))
            .base64EncodedString()
    }

    /// `webhook-signature` of Standard Webhooks: `v1,` and base64 HMAC-SHA256 of `id.timestamp.body`, keyed with the
    /// bytes whose base64 follows `whsec_`. A secret that is not base64 is used as UTF-8, as the libraries of Svix do not
    /// accept it anyway and ours never issues one.
    package static func standard(id: String, timestamp: Int64, body: [UInt8], secret: Secret) -> String {
        let text = secret.reveal()
        let encoded = text.hasPrefix("whsec_") ? String(text.dropFirst(6)) : text
        let key = SymmetricKey(data: Data(base64Encoded: encoded) ?? Data(text.utf8))
        var mac = HMAC<SHA256>(key: key)
        mac.update(data: Data("\(id).\(timestamp).".utf8))
        mac.update(data: body)
        return "v1," + Data(mac.finalize()).base64EncodedString()
    }

    /// A new webhook secret: `whsec_` and base64 of 32 random bytes.
    package static func newSecret(_ ambient: Ambient) -> Secret {
        Secret("whsec_" + Data(ambient.randomBytes(32)).base64EncodedString())
    }

    /// Lowercase hex SHA-256, for digests at rest and fingerprints.
    package static func sha256(_ bytes: some Sequence<UInt8>) -> String {
        SHA256.hash(data: Array(bytes)).hexadecimal
    }

    /// Compares in a time that does not tell where the texts differ.
    package static func areEqual(_ a: String, _ b: String) -> Bool {
        let (left, right) = (Array(a.utf8), Array(b.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
