package import Contract
package import Core

/// Who did what, when and from where: one line for each request that changed something.
package struct AuditEntry: Sendable, Hashable {
    package var number: Int64
    package var id: AuditEntryID
    package var at: Instant
    package var userID: UserID?
    package var keyID: KeyID?
    package var action: String
    package var objectID: String?
    package var requestID: String
    package var address: String?
    package var hash: String

    /// The hash of this line after one whose hash is `previous`: SHA-256 over both, field by field.
    package func chained(after previous: String) -> String {
        let fields = [
            previous, String(number), id.rawValue, String(at.milliseconds), userID?.rawValue ?? "", keyID?.rawValue ?? "",
            action,
            objectID ?? "", requestID, address ?? "",
        ]
        // A length before each field: no two lines can read the same.
        return Signature.sha256(fields.map { "\($0.utf8.count):\($0)" }.joined().utf8)
    }
}

extension AuditEntry: APIObject {
    package static let name = "AuditEntry"
    package static let properties: [Property<Self>] = [
        Property("id", "The line's id.") { $0.id },
        Property("number", "Its number in the organization's log, without gaps.") { $0.number },
        Property("at", "When it was done.") { $0.at },
        Property("userId", "The member in whose name.") { $0.userID },
        Property("keyId", "The API key that was used.") { $0.keyID },
        Property("action", "The operation's id in the API document, such as `posts.update`.") { $0.action },
        Property("objectId", "What it was done to.") { $0.objectID },
        Property("requestId", "The request, as its answer named it.") { $0.requestID },
        Property("address", "The network address it came from.") { $0.address },
        Property("hash", "SHA-256 over the line and the hash of the line before: tampering shows.") { $0.hash },
    ]
    package static let example = AuditEntry(
        number: 1, id: ID("cmb2k7q0x0000000000000021"), at: Instant(seconds: 1_770_114_600),
        userID: ID("cmb2k7q0x0000000000000003"), keyID: ID("cmb2k7q0x0000000000000004"), action: "posts.create",
        objectID: "clx123abc", requestID: "req_1", address: "203.0.113.7",
        hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
}

/// What a check of the whole log found.
package struct AuditVerdict: APIObject {
    package var isIntact: Bool
    package var lines: Int64
    package var brokenAt: Int64?
    package var head: String?

    package static let name = "AuditVerdict"
    package static let properties: [Property<Self>] = [
        Property("intact", "Whether every line has its number and follows from the one before.") { $0.isIntact },
        Property("lines", "How many lines were read.") { $0.lines },
        Property("brokenAt", "The number of the first line that does not.") { $0.brokenAt },
        Property("head", "The hash of the last line: keep it elsewhere to prove later that nothing was cut off.") { $0.head },
    ]
    package static let example = AuditVerdict(isIntact: true, lines: 1, brokenAt: nil, head: AuditEntry.example.hash)
}

/// The filters of `GET /api/audit`.
package struct AuditFilter: APIQuery {
    package var action: String?
    package var objectID: String?
    package var userID: UserID?
    package var since: Instant?
    package var until: Instant?

    package init() {}

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter("action", "Only this operation.") { $0.action = $1 },
        QueryParameter("objectId", "Only what was done to this object.") { $0.objectID = $1 },
        QueryParameter("userId", "Only what this member did.") { $0.userID = $1 },
        QueryParameter("since", "Only from this instant on.") { $0.since = $1 },
        QueryParameter("until", "Only before this instant.") { $0.until = $1 },
    ]
}
