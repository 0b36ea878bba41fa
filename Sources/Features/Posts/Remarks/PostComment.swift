package import Contract
package import Core

/// A remark of the team on a post: never published.
package struct PostComment: Sendable {
    package var id: CommentID
    package var postID: PostID
    package var userID: UserID?
    /// The name of somebody outside who was sent a review link.
    package var author: String?
    package var body: String
    package var isResolved: Bool
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64
}

extension PostComment: APIObject {
    package static let name = "PostComment"
    package var entityVersion: Int64? { version }
    package static let properties: [Property<Self>] = [
        Property("id", "The comment's id.") { $0.id },
        Property("postId", "The post.") { $0.postID },
        Property("userId", "The member who wrote it; null for somebody outside.") { $0.userID },
        Property("author", "The name that somebody outside gave.") { $0.author },
        Property("body", "What it says. The team sees it; it is never published.") { $0.body },
        Property("resolved", "Whether it is settled.") { $0.isResolved },
        Property("createdAt", "When it was written.") { $0.createdAt },
        Property("updatedAt", "When it was last changed.") { $0.updatedAt },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = PostComment(
        id: ID("cmb2k7q0x0000000000000061"), postID: ID("clx123abc"), userID: ID("cmb2k7q0x0000000000000003"), author: nil,
        body: "Is the price right?", isResolved: false, createdAt: Instant(seconds: 1_770_000_150),
        updatedAt: Instant(seconds: 1_770_000_150), version: 1)
}

/// What a request says of a comment.
package struct PostCommentInput: APIInput {
    package var body: String?
    package var isResolved: Bool?

    package init() {}

    package static let name = "PostCommentInput"
    package static let fields: [InputField<Self>] = [
        InputField("body", "What it says; required when creating.", .length(1...5000)) { $0.body = $1 },
        InputField("resolved", "Whether it is settled.") { $0.isResolved = $1 },
    ]
    package static let example: JSONValue = ["body": "Is the price right?"]
}
