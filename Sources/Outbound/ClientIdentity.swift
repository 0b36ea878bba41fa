package import Core
import NIOSSL

/// A client certificate with its chain and its key: what mutual TLS shows the peer.
package struct ClientIdentity: Sendable, Hashable {
    /// SHA-256 of certificate and key: connections are shared within one identity only.
    package let fingerprint: String
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey

    /// What is wrong with a certificate or a key; never says what is in the key.
    package struct Issue: Error, CustomStringConvertible {
        /// `certificate` or `privateKey`.
        package let field: String
        package let description: String
    }

    /// - Parameters:
    ///   - certificate: PEM, the client's own first, then what leads to its authority.
    ///   - privateKey: PEM, without a passphrase.
    package init(certificate: String, privateKey: Secret, now: Instant) throws(Issue) {
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
        } catch {
            throw Issue(field: "certificate", description: "is not a PEM certificate")
        }
        guard let leaf = chain.first else { throw Issue(field: "certificate", description: "holds no certificate") }
        do {
            key = try NIOSSLPrivateKey(bytes: Array(privateKey.reveal().utf8), format: .pem)
        } catch {
            throw Issue(field: "privateKey", description: "is not a PEM key, or has a passphrase, which is not supported")
        }
        guard let peer = PeerCertificate(leaf) else {
            throw Issue(field: "certificate", description: "cannot be read")
        }
        guard peer.notAfter > now.seconds else {
            throw Issue(field: "certificate", description: "expired at \(Instant(seconds: peer.notAfter))")
        }
        do {
            // A key that is not the certificate's cannot be used with it.
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.certificateVerification = .none
            configuration.certificateChain = [.certificate(leaf)]
            configuration.privateKey = .privateKey(key)
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw Issue(field: "privateKey", description: "does not belong to the certificate")
        }
        fingerprint = Signature.sha256(Array(certificate.utf8) + Array(privateKey.reveal().utf8))
    }

    package static func == (left: Self, right: Self) -> Bool { left.fingerprint == right.fingerprint }
    package func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}
