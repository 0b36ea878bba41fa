package import Contract
package import Core

/// What a reviewer said of a post, and of which version.
package struct Decision: Sendable {
    package enum Verdict: String, Sendable, CaseIterable, APIEnum {
        case approve = "APPROVE"
        case reject = "REJECT"
        case requestChanges = "REQUEST_CHANGES"
    }

    package var id: DecisionID
    package var postID: PostID
    package var stage: Int
    package var userID: UserID?
    package var author: String?
    package var verdict: Verdict
    package var note: String?
    package var postVersion: Int64
    package var createdAt: Instant
}

extension Decision: APIObject {
    package static let name = "Decision"
    package static let properties: [Property<Self>] = [
        Property("id", "The decision's id.") { $0.id },
        Property("postId", "The post.") { $0.postID },
        Property("stage", "The stage that it decided.") { $0.stage },
        Property("userId", "The member who decided; null for somebody outside.") { $0.userID },
        Property("author", "The name that somebody outside gave.") { $0.author },
        Property("decision", "What was decided.") { $0.verdict },
        Property("note", "Why.") { $0.note },
        Property("postVersion", "The version that was looked at.") { $0.postVersion },
        Property("createdAt", "When.") { $0.createdAt },
    ]
    package static let example = Decision(
        id: ID("cmb2k7q0x0000000000000031"), postID: ID("clx123abc"), stage: 1, userID: ID("cmb2k7q0x0000000000000003"),
        author: nil, verdict: .approve, note: nil, postVersion: 2, createdAt: Instant(seconds: 1_770_000_200))
}

/// What a reviewer says.
package struct DecisionInput: APIInput {
    package var note: String?

    package init() {}

    package static let name = "DecisionInput"
    package static let fields: [InputField<Self>] = [
        InputField("note", "Why; required to reject and to request changes.", .ifSet(.length(1...5000))) {
            (input: inout Self, value: Change<String>) in input.note = value.value
        }
    ]
    package static let example: JSONValue = ["note": "The price is missing."]
}

/// What an author says when handing a post to its reviewers.
package struct SubmitInput: APIInput {
    package var reviewerIDs: [UserID] = []
    package var note: String?

    package init() {}

    package static let name = "SubmitInput"
    package static let fields: [InputField<Self>] = [
        InputField("reviewerIds", "The members who may decide; every MANAGER and above, when absent.", .count(0...20)) {
            $0.reviewerIDs = $1
        },
        InputField("note", "What the reviewers should know.", .ifSet(.length(1...5000))) {
            (input: inout Self, value: Change<String>) in input.note = value.value
        },
    ]
    package static let example: JSONValue = ["note": "Please look at the wording."]
}
