import Core
import NIOCore
import NIOSSL

/// Turns what BoringSSL says about a failed handshake into a class and a sentence. Its own text is the same for an
/// expired, a self-signed and an untrusted certificate, so the peer's certificate is asked.
enum TLSFailure {
    static func classify(_ error: any Error, origin: Origin, certificate: NIOSSLCertificate?, now: Instant) -> Failure {
        if let extra = error as? NIOSSLExtraError,
            extra == .failedToValidateHostname || extra == .serverHostnameImpossibleToMatch
        {
            return hostname(origin: origin, certificate: certificate.flatMap(PeerCertificate.init))
        }
        if let ssl = error as? NIOSSLError, ssl == .unableToValidateCertificate || ssl == .noCertificateToValidate {
            return fail(.tls_untrusted, "The certificate of \(origin.host) could not be checked.")
        }
        let text = String(describing: error)
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return untrusted(origin: origin, certificate: certificate.flatMap(PeerCertificate.init), now: now)
        }
        let meaning = explanations.first { text.contains($0.sign) }?.meaning ?? "failed the TLS handshake."
        return fail(.tls_error, "\(origin.name) \(meaning)")
    }

    static func hostname(origin: Origin, certificate: PeerCertificate?) -> Failure {
        let audience = certificate?.audience ?? "another name"
        return fail(.tls_hostname, "The certificate of \(origin.name) is for \(audience), not for \(origin.host).")
    }

    private static func untrusted(origin: Origin, certificate: PeerCertificate?, now: Instant) -> Failure {
        guard let certificate else { return fail(.tls_untrusted, "The certificate of \(origin.host) is not trusted.") }
        if certificate.notAfter <= now.seconds {
            return fail(.tls_expired, "The certificate of \(origin.host) expired on \(date(certificate.notAfter)).")
        }
        if certificate.notBefore > now.seconds {
            return fail(.tls_expired, "The certificate of \(origin.host) is not valid before \(date(certificate.notBefore)).")
        }
        if certificate.isSelfSigned {
            let name = PeerCertificate.printable(certificate.commonName ?? "none")
            return fail(.tls_untrusted, "\(origin.host) has a self-signed certificate (CN=\(name)), which is not trusted.")
        }
        let issuer = PeerCertificate.printable(certificate.issuerName ?? "unknown")
        return fail(
            .tls_untrusted,
            "The certificate of \(origin.host) was issued by \"\(issuer)\", which is not a trusted authority, or the server "
                + "does not send the intermediate certificate.")
    }

    private static func date(_ seconds: Int64) -> String { String(Instant(seconds: seconds).description.prefix(10)) }

    private static func fail(_ errorClass: OutboundError.Class, _ message: String) -> Failure {
        Failure(errorClass, message, isBeforeEffect: true)
    }

    /// Parts of BoringSSL's texts, the first that fits.
    private static let explanations: [(sign: String, meaning: String)] = [
        ("WRONG_VERSION_NUMBER", "does not speak TLS on this port (perhaps plain HTTP)."),
        ("HTTP_REQUEST", "does not speak TLS on this port (perhaps plain HTTP)."),
        ("PROTOCOL_VERSION", "does not support TLS 1.2 or later."),
        ("UNSUPPORTED_PROTOCOL", "does not support TLS 1.2 or later."),
        ("CERTIFICATE_REQUIRED", "asks for a client certificate."),
        ("HANDSHAKE_FAILURE", "refused the TLS handshake: no common cipher, or it asks for a client certificate."),
        ("UNRECOGNIZED_NAME", "does not know the host name (SNI)."),
        ("EOF during handshake", "closed the connection during the TLS handshake."),
        ("ALERT", "refused the TLS handshake."),
    ]
}
