package import Core

/// The text of an API key: `sk_prod_` or `sk_dev_`, 30 random base-62 characters (178 bits) and a CRC-32 of what comes
/// before it in 6 more. A mistyped key is recognised without a look into the database.
package struct KeyText: Sendable {
    package let secret: Secret
    package let isDevelopment: Bool

    package static let productionPrefix = "sk_prod_"
    package static let developmentPrefix = "sk_dev_"

    /// A fresh key.
    package init(isDevelopment: Bool, ambient: Ambient) {
        let text = (isDevelopment ? Self.developmentPrefix : Self.productionPrefix) + Base62.random(30, ambient)
        secret = Secret(text + Self.checksum(text))
        self.isDevelopment = isDevelopment
    }

    /// Nil when the text cannot be a key of ours: wrong prefix, length or checksum.
    package init?(_ candidate: Secret) {
        let text = candidate.reveal()
        let isDevelopment = text.hasPrefix(Self.developmentPrefix)
        let prefix = isDevelopment ? Self.developmentPrefix : Self.productionPrefix
        guard text.hasPrefix(prefix), text.utf8.count == prefix.utf8.count + 36,
            Self.checksum(String(text.dropLast(6))) == text.suffix(6)
        else { return nil }
        secret = candidate
        self.isDevelopment = isDevelopment
    }

    /// What is stored and looked up: SHA-256 in hex. A fast hash is right for 178 random bits.
    package var digest: String { Signature.sha256(secret.reveal().utf8) }

    /// What lists show so that a person recognises the key: the prefix and four characters.
    package var hint: String {
        let text = secret.reveal()
        return String(text.prefix((isDevelopment ? Self.developmentPrefix : Self.productionPrefix).count + 4)) + "…"
    }

    private static func checksum(_ text: String) -> String { Base62.encode(crc32(text.utf8), width: 6) }
}
