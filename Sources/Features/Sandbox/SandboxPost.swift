package import Contract
package import Core

/// A post as the public of a simulated platform sees it.
package struct SandboxPost: APIObject {
    package var platform: Platform
    package var id: String
    /// The account's id on the platform.
    package var account: String
    package var text: String
    package var mediaCount: Int
    package var permalink: String
    package var createdAt: Instant

    package init(
        platform: Platform, id: String, account: String, text: String, mediaCount: Int, permalink: String, createdAt: Instant
    ) {
        self.platform = platform
        self.id = id
        self.account = account
        self.text = text
        self.mediaCount = mediaCount
        self.permalink = permalink
        self.createdAt = createdAt
    }

    package static let name = "SandboxPost"
    package static let properties: [Property<Self>] = [
        Property("platform", "The simulated platform.") { $0.platform },
        Property("id", "Its id there.") { $0.id },
        Property("text", "Its text.") { $0.text },
        Property("mediaCount", "How many pictures it shows.") { $0.mediaCount },
        Property("permalink", "Where it would be seen.") { $0.permalink },
        Property("createdAt", "When it became visible.") { $0.createdAt },
    ]
    package static let example = SandboxPost(
        platform: .instagram, id: "17890000000000001", account: "instagram-1", text: "Check out our new product!",
        mediaCount: 1,
        permalink: "https://www.instagram.com/p/sandbox/", createdAt: Instant(seconds: 1_770_112_801))
}

/// A fault that the next requests of a sandbox account meet.
package struct SandboxFault: APIInput {
    package var step = "publish"
    package var mode = ""
    package var status: Int?
    package var count = 1

    package init() {}

    package static let name = "SandboxFault"
    package static let fields: [InputField<Self>] = [
        InputField("step", "Which request meets it: prepare, publish or read.", oneOf("prepare", "publish", "read")) {
            $0.step = $1
        },
        InputField(
            "mode", "What happens.", required: true,
            oneOf(
                "status", "timeout_before_effect", "timeout_after_effect", "error_after_effect", "rate_limit", "token_revoked")
        ) { $0.mode = $1 },
        InputField("status", "The HTTP status, for mode status.", .range(400...599)) { $0.status = $1 },
        InputField("count", "How many requests meet it.", .range(1...1000)) { $0.count = $1 },
    ]
    package static let example: JSONValue = ["step": "publish", "mode": "timeout_after_effect"]

    private static func oneOf(_ words: String...) -> Rule<String> {
        Rule([.init("enum", .array(words.map { .string($0) }))]) { text in
            words.contains(text) ? nil : "must be one of \(words.joined(separator: ", "))"
        }
    }
}

/// What a request says of a sandbox account.
package struct SandboxChange: APIInput {
    package var fault: SandboxFault?

    package init() {}

    package static let name = "SandboxChange"
    package static let fields: [InputField<Self>] = [
        InputField("fault", "A fault that the account's next requests meet.") { $0.fault = $1 }
    ]
    package static let example: JSONValue = ["fault": ["step": "publish", "mode": "timeout_after_effect"]]
}
