import Core

/// `Prefer: wait=N` (RFC 7240): how long the caller wants the answer to wait for the result. None: not at all.
package struct Waiting: RequestPart {
    private static let longest = 25

    package init() {}

    package func extract(from request: APIRequest, issues: inout [FieldIssue]) throws(APIError) -> Duration? {
        guard let header = request.header("prefer") else { return .zero }
        for preference in header.split(separator: ",") {
            let parts = preference.split(separator: "=").map { $0.filter { $0 != " " } }
            guard parts.count == 2, parts[0].lowercased() == "wait" else { continue }
            // A preference that makes no sense is ignored, as the RFC wants.
            return .seconds(min(max(Int(parts[1]) ?? 0, 0), Self.longest))
        }
        return .zero
    }

    package func describe(into operation: inout OperationDescription) {
        operation.parameters.append([
            "name": "Prefer", "in": "header", "required": false, "schema": ["type": "string"],
            "description":
                "`wait=N`: answer when it is done, or after N seconds, 25 at most; the status in the answer says which.",
        ])
    }
}
