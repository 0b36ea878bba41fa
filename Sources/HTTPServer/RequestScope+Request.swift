import Contract
import Core

extension RequestScope {
    /// What holds for the writes of one request.
    /// - Throws: 400 for an `Idempotency-Key` that is empty or too long.
    convenience init(_ caller: Caller, _ endpoint: Endpoint, _ request: APIRequest, address: String?) throws(APIError) {
        let text = try IdempotencyKey.checked(request.header("idempotency-key"))
        self.init(
            caller: caller, operation: endpoint.id, path: request.path, subject: request.pathParameters.first?.value,
            requestID: request.requestID, address: address, status: endpoint.status,
            repeatKey: text.map { RepeatKey(text: $0, fingerprint: Self.fingerprint(of: request)) },
            isDryRun: endpoint.canRehearse && request.query.contains { $0.name == "dryRun" && $0.value == "true" })
    }

    /// SHA-256 over what makes two requests the same: method, path, query and body, to the byte.
    private static func fingerprint(of request: APIRequest) -> String {
        let head = [request.method, request.path] + request.query.map { "\($0.name)=\($0.value)" }
        return Signature.sha256(Array(head.joined(separator: "\n").utf8) + [0] + request.body)
    }
}
