import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The server's own ed25519 key, for receivers who would rather check a public key than share a secret. Made from the
/// master key, so every node has the same and nothing has to be stored.
package struct AsymmetricSigner: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// - Throws: never for a key of 32 bytes, which this derives (HKDF-SHA256).
    package init(masterKey: Secret) throws {
        let seed = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(masterKey.reveal().utf8)), info: Data("audenci webhooks ed25519".utf8),
            outputByteCount: 32)
        key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed.withUnsafeBytes { Data($0) })
    }

    /// `v1a,` and base64 of the signature of `id.timestamp.body`, as Standard Webhooks has it.
    package func signature(id: String, timestamp: Int64, body: [UInt8]) throws -> String {
        let signed = Data("\(id).\(timestamp).".utf8) + Data(body)
        return "v1a," + (try key.signature(for: signed)).base64EncodedString()
    }

    /// `whpk_` and base64 of the public key: what the libraries of Standard Webhooks take.
    package var publicKey: String { "whpk_" + key.publicKey.rawRepresentation.base64EncodedString() }

    /// The JSON Web Key Set (RFC 8037) at `/.well-known/audenci-webhook-keys.json`.
    package var keySet: JSONValue {
        let x = key.publicKey.rawRepresentation.base64EncodedString().base64URL
        // RFC 7638: the thumbprint is over exactly these members in this order.
        let thumbprint = SHA256.hash(data: Data(#"{"crv":"Ed25519","kty":"OKP","x":"\#(x)"}"#.utf8))
        return [
            "keys": [
                [
                    "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
                    "kid": .string(Data(thumbprint).base64EncodedString().base64URL), "x": .string(x),
                    "publicKey": .string(publicKey),
                ]
            ]
        ]
    }
}

extension String {
    /// Base64 as URLs have it: no padding.
    fileprivate var base64URL: String {
        String(map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }.filter { $0 != "=" })
    }
}
