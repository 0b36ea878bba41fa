package import Contract
package import Core

/// What a post was before a change.
package struct PostRevision: Sendable {
    package var version: Int64
    /// Who made the change that ended this version.
    package var userID: UserID?
    package var changedFields: [String]
    package var snapshot: RawJSON<Post>
    package var createdAt: Instant
}

extension PostRevision: APIObject {
    package static let name = "PostRevision"
    package static let properties: [Property<Self>] = [
        Property("version", "The version that it shows.") { $0.version },
        Property("userId", "Who changed it then.") { $0.userID },
        Property("changedFields", "What was changed then.") { $0.changedFields },
        Property("post", "The post as it was.") { $0.snapshot },
        Property("createdAt", "When it was changed.") { $0.createdAt },
    ]
    package static let example = PostRevision(
        version: 1, userID: ID("cmb2k7q0x0000000000000003"), changedFields: ["caption"],
        snapshot: RawJSON(rendering: Post.example), createdAt: Instant(seconds: 1_770_000_100))
}
