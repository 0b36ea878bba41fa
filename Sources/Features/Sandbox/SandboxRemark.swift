package import Contract
package import Core

/// What somebody wrote on a simulated platform: a comment, a mention, or the account's own answer.
package struct SandboxRemark: APIObject {
    package var platform: Platform
    package var kind: String
    package var id: String
    /// The account's id on the platform.
    package var account: String
    package var postID: String?
    package var parentID: String?
    package var author: String
    package var isOwn: Bool
    package var text: String
    package var isHidden: Bool
    package var createdAt: Instant

    package init(
        platform: Platform, kind: String, id: String, account: String, postID: String?, parentID: String?, author: String,
        isOwn: Bool, text: String, isHidden: Bool, createdAt: Instant
    ) {
        self.platform = platform
        self.kind = kind
        self.id = id
        self.account = account
        self.postID = postID
        self.parentID = parentID
        self.author = author
        self.isOwn = isOwn
        self.text = text
        self.isHidden = isHidden
        self.createdAt = createdAt
    }

    package static let name = "SandboxRemark"
    package static let properties: [Property<Self>] = [
        Property("platform", "The simulated platform.") { $0.platform },
        Property("id", "Its id there.") { $0.id },
        Property("kind", "comment or mention.") { $0.kind },
        Property("postId", "The platform's id of the post under which it stands.") { $0.postID },
        Property("parentId", "The platform's id of what it answers.") { $0.parentID },
        Property("author", "Who wrote it.") { $0.author },
        Property("own", "Whether the account wrote it: an answer of ours.") { $0.isOwn },
        Property("text", "What it says.") { $0.text },
        Property("hidden", "Whether it is hidden from the public.") { $0.isHidden },
        Property("createdAt", "When it was written.") { $0.createdAt },
    ]
    package static let example = SandboxRemark(
        platform: .instagram, kind: "comment", id: "17858893269000001", account: "instagram-1", postID: "17890000000000001",
        parentID: nil, author: "jane", isOwn: false, text: "Love it!", isHidden: false,
        createdAt: Instant(seconds: 1_770_112_900))
}

/// A comment that somebody shall write on a sandbox account's post.
package struct SandboxCommentInput: APIInput {
    package var postID = ""
    package var author = ""
    package var text = ""

    package init() {}

    package static let name = "SandboxCommentInput"
    package static let fields: [InputField<Self>] = [
        InputField("postId", "The post: its id here, or its id on the platform.", required: true, .length(1...200)) {
            $0.postID = $1
        },
        InputField("author", "Who writes.", required: true, .length(1...100)) { $0.author = $1 },
        InputField("text", "What.", required: true, .length(1...10_000)) { $0.text = $1 },
    ]
    package static let example: JSONValue = ["postId": "clx123abc", "author": "jane", "text": "Love it!"]
}

/// A mention that somebody shall write of a sandbox account.
package struct SandboxMentionInput: APIInput {
    package var author = ""
    package var text = ""

    package init() {}

    package static let name = "SandboxMentionInput"
    package static let fields: [InputField<Self>] = [
        InputField("author", "Who writes.", required: true, .length(1...100)) { $0.author = $1 },
        InputField("text", "What.", required: true, .length(1...10_000)) { $0.text = $1 },
    ]
    package static let example: JSONValue = ["author": "jane", "text": "Thanks to @acme"]
}
