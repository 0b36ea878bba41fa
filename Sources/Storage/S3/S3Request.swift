import Core
import Outbound

/// One request to a bucket, before it has a date and a signature: every try is signed anew.
struct S3Request: Sendable {
    let method: String
    /// Nil: the bucket itself.
    let key: ObjectKey?
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// How much of an answer is kept.
    var maximumResponseBytes = 65_536

    init(_ method: String, _ key: ObjectKey?) {
        self.method = method
        self.key = key
    }

    /// The `Range` header for `range`, which is not empty.
    static func rangeHeader(_ range: Range<Int>) -> (name: String, value: String) {
        ("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")
    }

    /// The same request, dated and signed.
    /// - Parameter bodyHash: lowercase hex SHA-256 of the body.
    func signed(_ settings: S3Settings, bodyHash: String, at moment: Instant, deadline: Duration) -> OutboundRequest {
        // A key needs no encoding, by its alphabet.
        let path = "/\(settings.bucket)\(key.map { "/\($0.text)" } ?? "")"
        let sent = headers + [("x-amz-content-sha256", bodyHash), ("x-amz-date", SignatureV4.date(moment))]
        let signer = SignatureV4(keyID: settings.keyID, secret: settings.secret, region: settings.region)
        let authorization = signer.authorization(
            method, path: path, query: query, headers: sent + [("host", settings.hostHeader)], bodyHash: bodyHash, at: moment)
        let queryText = query.isEmpty ? "" : "?\(SignatureV4.canonical(query))"
        return OutboundRequest(
            method, settings.origin + path + queryText, headers: sent + [("Authorization", authorization)], body: body,
            deadline: deadline, maximumResponseBytes: maximumResponseBytes)
    }
}
