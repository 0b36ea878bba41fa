import Crypto

/// Proof Key for Code Exchange (RFC 7636) by its method S256: a code that was stolen on its way is of no use without the
/// verifier, which never leaves us before the exchange.
package enum PKCE {
    /// A fresh verifier: 256 random bits, 43 characters.
    package static func newVerifier(_ ambient: Ambient) -> Secret { Secret(base64URL(ambient.randomBytes(32))) }

    /// What the authorization request shows of it.
    package static func challenge(of verifier: Secret) -> String {
        base64URL(SHA256.hash(data: Array(verifier.reveal().utf8)))
    }

    /// Base64 for URLs, without padding.
    private static func base64URL(_ bytes: some Sequence<UInt8>) -> String {
        Base64.encode(bytes).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
