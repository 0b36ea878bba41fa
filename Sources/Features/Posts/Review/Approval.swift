package import Contract
package import Core

/// Where a post is in its review. An approval holds for the version that was approved: editing what is published returns
/// the post to review.
package struct Approval: Sendable, Hashable {
    /// The stage that decides next, from 1.
    package var stage: Int
    package var stages: Int
    /// Who may decide; empty: every MANAGER and above.
    package var reviewerIDs: [UserID]
    package var submittedBy: UserID
    package var submittedAt: Instant
    package var note: String?
    /// The post's version that was approved at the last stage; nil before.
    package var approvedVersion: Int64?
}

extension Approval: APIObject {
    package static let name = "Approval"
    package static let properties: [Property<Self>] = [
        Property("stage", "The stage that decides next, from 1.") { $0.stage },
        Property("stages", "How many stages there are.") { $0.stages },
        Property("reviewerIds", "The members who may decide; empty: every MANAGER and above.") { $0.reviewerIDs },
        Property("submittedBy", "Who submitted it.") { $0.submittedBy },
        Property("submittedAt", "When.") { $0.submittedAt },
        Property("note", "What the author said.") { $0.note },
        Property("approvedVersion", "The version that was approved; null while it is in review.") { $0.approvedVersion },
    ]
    package static let example = Approval(
        stage: 1, stages: 1, reviewerIDs: [], submittedBy: ID("cmb2k7q0x0000000000000003"),
        submittedAt: Instant(seconds: 1_770_000_100), note: "Please look at the wording.", approvedVersion: nil)

    /// As it was stored.
    init?(stored text: String?) {
        guard let text, let json = try? JSONValue(parsing: text), let submitted = json["submittedAt"]?.string,
            let at = Instant(iso8601: submitted)
        else { return nil }
        self.init(
            stage: Int(json["stage"]?.int ?? 1), stages: Int(json["stages"]?.int ?? 1),
            reviewerIDs: json["reviewerIds"]?.array?.compactMap { $0.string.map { UserID($0) } } ?? [],
            submittedBy: ID(json["submittedBy"]?.string ?? ""), submittedAt: at, note: json["note"]?.string,
            approvedVersion: json["approvedVersion"]?.int)
    }
}
