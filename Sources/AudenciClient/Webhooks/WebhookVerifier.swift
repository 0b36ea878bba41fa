public import Foundation

/// Tells deliveries of your server's from everything else that reaches a URL.
///
/// ```swift
/// let verifier = WebhookVerifier(secret: "whsec_...")
/// let delivery = try verifier.receive(body, headers: request.headers)   // [String: String]
/// for event in delivery.events {
///     if case .postFailed(let post) = event.data { alert(post.title, post.failureSummary) }
/// }
/// ```
///
/// The Standard Webhooks headers (`webhook-id`, `webhook-timestamp`, `webhook-signature`) are what counts: they say which
/// message it is and when it was signed. `X-Audenci-Signature` says only who signed the body.
public struct WebhookVerifier: Sendable {
    private let secrets: [String]
    private let tolerance: Duration?
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - secret: `whsec_...`, from ``NewWebhook/secret``.
    ///   - tolerance: how far the time of signing may be away; nil asks for no time, and then trusts `X-Audenci-Signature`
    ///     alone where there is nothing else.
    public init(
        secret: String, tolerance: Duration? = .seconds(300), now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.init(secrets: [secret], tolerance: tolerance, now: now)
    }

    /// - Parameter secrets: each of them is accepted: the present key and, during a rotation, the next.
    public init(
        secrets: [String], tolerance: Duration? = .seconds(300), now: @escaping @Sendable () -> Date = { Date() }
    ) {
        // An empty key would be everybody's.
        self.secrets = secrets.filter { !$0.isEmpty && $0 != "whsec_" }
        self.tolerance = tolerance
        self.now = now
    }

    /// Whether a value of `X-Audenci-Signature` is that of a body. It says nothing about when it was signed.
    public func isGenuine(_ body: some DataProtocol, signature: String) -> Bool {
        secrets.reduce(false) { WebhookSignature.isGenuine(signature, body: body, secret: $1) || $0 }
    }

    /// Verifies a request.
    /// - Parameters:
    ///   - body: the bytes as they arrived.
    ///   - header: gives the value of a header by its name, which is written in lower case.
    public func verify(_ body: some DataProtocol, header: (String) -> String?) throws(WebhookVerificationError) {
        if let id = header("webhook-id"), let timestamp = header("webhook-timestamp"),
            let signatures = header("webhook-signature"), !id.isEmpty
        {
            try checkTime(timestamp)
            let isGenuine = secrets.reduce(false) { found, secret in
                WebhookSignature.isStandard(signatures, id: id, timestamp: timestamp, body: body, secret: secret) || found
            }
            guard isGenuine else { throw .wrongSignature }
            return
        }
        let own = ["x-audenci-signature", "x-audenci-signature-next"].compactMap(header)
        guard !own.isEmpty else { throw .unsigned }
        guard tolerance == nil else { throw .withoutTimestamp }
        guard own.contains(where: { isGenuine(body, signature: $0) }) else { throw .wrongSignature }
    }

    /// Verifies a request whose headers are in a dictionary, however they are capitalized.
    public func verify(_ body: some DataProtocol, headers: [String: String]) throws(WebhookVerificationError) {
        try verify(body, header: Self.lookUp(headers))
    }

    /// Verifies a request and reads what it tells.
    /// - Throws: ``WebhookVerificationError``; `DecodingError` when it is genuine but no JSON of ours, as with a template.
    public func receive(_ body: some DataProtocol, header: (String) -> String?) throws -> VerifiedDelivery {
        try verify(body, header: header)
        return try VerifiedDelivery(Data(body), header: header)
    }

    /// Verifies a request whose headers are in a dictionary, and reads what it tells.
    /// - Throws: ``WebhookVerificationError``; `DecodingError` when it is genuine but no JSON of ours, as with a template.
    public func receive(_ body: some DataProtocol, headers: [String: String]) throws -> VerifiedDelivery {
        try receive(body, header: Self.lookUp(headers))
    }

    private func checkTime(_ timestamp: String) throws(WebhookVerificationError) {
        // 15 digits: no arithmetic below can overflow.
        guard (1...15).contains(timestamp.utf8.count), timestamp.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let signed = Int64(timestamp)
        else { throw .unreadableTimestamp }
        guard let tolerance else { return }
        let age = Int64(now().timeIntervalSince1970) - signed
        guard abs(age) <= max(tolerance.components.seconds, 0) else { throw .outsideTolerance(seconds: age) }
    }

    private static func lookUp(_ headers: [String: String]) -> (String) -> String? {
        let lowercased = Dictionary(headers.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
        return { lowercased[$0] }
    }
}
