import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Seals secrets that must come back (platform tokens, webhook secrets, header values) with AES-256-GCM.
///
/// The `context` (table, column, row and organization) is authenticated but not stored: a sealed value copied into
/// another row does not open there. Form: `v1.<nonce><ciphertext><tag>` in base64.
package struct SecretBox: Sendable {
    private let key: SymmetricKey

    /// - Parameter masterKey: any secret text; the sealing key is derived from it with HKDF-SHA256.
    package init(masterKey: Secret) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(masterKey.reveal().utf8)),
            salt: Data("audenci".utf8), info: Data("secret-box-v1".utf8), outputByteCount: 32)
    }

    /// Seals `secret` for the place that `context` names.
    package func seal(_ secret: Secret, context: String) throws -> String {
        let sealed = try AES.GCM.seal(
            Data(secret.reveal().utf8), using: key, authenticating: Data(context.utf8))
        guard let combined = sealed.combined else { throw Unsealable(reason: "the nonce has a nonstandard size") }
        return "v1." + combined.base64EncodedString()
    }

    /// Opens what ``seal(_:context:)`` made for the same context.
    /// - Throws: ``Unsealable`` when the text was altered, moved or sealed with another master key.
    package func open(_ sealed: String, context: String) throws -> Secret {
        guard sealed.hasPrefix("v1."), let data = Data(base64Encoded: String(sealed.dropFirst(3))) else {
            throw Unsealable(reason: "the stored text is not of the form v1.<base64>")
        }
        do {
            let plain = try AES.GCM.open(AES.GCM.SealedBox(combined: data), using: key, authenticating: Data(context.utf8))
            return Secret(String(decoding: plain, as: UTF8.self))
        } catch {
            throw Unsealable(reason: "it was sealed with another AUDENCI_MASTER_KEY, altered, or moved to another row")
        }
    }
}

/// A sealed secret that does not open, and why.
package struct Unsealable: Error, CustomStringConvertible {
    package let reason: String
    package var description: String { "cannot open a stored secret: \(reason)" }
}
