import Core
import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// AWS Signature Version 4 in the `Authorization` header: pure, checked against the examples that AWS publishes.
///
/// The request's parts must be given as they are sent; the signature is over method, path, query, the given headers and
/// the body's hash, for the second that `x-amz-date` says.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
struct SignatureV4: Sendable {
    let keyID: String
    let secret: Secret
    let region: String
    var service = "s3"

    /// SHA-256 of nothing, for requests without a body.
    static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// The value of `x-amz-date`: `20130524T000000Z`.
    static func date(_ moment: Instant) -> String { moment.description.filter { $0 != "-" && $0 != ":" } }

    /// The value of `Authorization`.
    /// - Parameters:
    ///   - path: percent-encoded, as sent.
    ///   - query: names and values before encoding, in any order.
    ///   - headers: all that are to be signed, `host` and `x-amz-date` among them, in any order and case.
    ///   - bodyHash: lowercase hex SHA-256.
    func authorization(
        _ method: String, path: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)], bodyHash: String, at moment: Instant
    ) -> String {
        let date = Self.date(moment)
        let day = String(date.prefix(8))
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let signed = headers.map { (name: $0.name.lowercased(), value: Self.collapsed($0.value)) }.sorted { $0.name < $1.name }
        let names = signed.map(\.name).joined(separator: ";")
        let canonical = [
            method, path, Self.canonical(query), signed.map { "\($0.name):\($0.value)\n" }.joined(), names, bodyHash,
        ].joined(separator: "\n")
        let toSign = ["AWS4-HMAC-SHA256", date, scope, Signature.sha256(canonical.utf8)].joined(separator: "\n")
        let signature = Self.hmac(toSign, key: key(day: day)).hexadecimal
        return "AWS4-HMAC-SHA256 Credential=\(keyID)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
    }

    /// Sorted and encoded: also what is sent, so that both cannot differ.
    static func canonical(_ query: [(name: String, value: String)]) -> String {
        query.map { (name: $0.name.percentEncoded, value: $0.value.percentEncoded) }
            .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            .map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
    }

    private func key(day: String) -> SymmetricKey {
        var key = SymmetricKey(data: Data(("AWS4" + secret.reveal()).utf8))
        for part in [day, region, service, "aws4_request"] { key = SymmetricKey(data: Self.hmac(part, key: key)) }
        return key
    }

    private static func hmac(_ text: String, key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
    }

    /// Without spaces around, and one for every row of them.
    private static func collapsed(_ value: String) -> String {
        value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
}
