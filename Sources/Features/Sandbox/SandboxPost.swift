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
    package var followerCount: Int?
    package var metrics: SandboxMetrics?

    package init() {}

    package static let name = "SandboxChange"
    package static let fields: [InputField<Self>] = [
        InputField("fault", "A fault that the account's next requests meet.") { $0.fault = $1 },
        InputField("followerCount", "How many follow the account from now on.", .range(0...Int(InjectedNumbers.maximum))) {
            $0.followerCount = $1
        },
        InputField(
            "metrics",
            "What its posts count from now on: `{\"likes\": 96}` for all, or `{\"<postId>\": {\"likes\": 96}}`; null: not reported."
        ) { $0.metrics = $1 },
    ]
    package static let example: JSONValue = ["followerCount": 1003, "metrics": ["likes": 96, "comments": 4]]
}

/// Numbers for all posts of a sandbox account, or for single ones.
package struct SandboxMetrics: ReadableValue {
    /// For all posts.
    package var all: JSONValue?
    /// By the post's id, ours or the platform's.
    package var posts: [(id: String, metrics: JSONValue)] = []

    package static let schema: JSONValue = ["type": "object"]

    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard let members = json.object, members.count <= 1000 else {
            issues.append(FieldIssue(path, "must be an object with at most 1000 members"))
            return nil
        }
        var metrics = SandboxMetrics()
        if members.contains(where: { $0.value.object != nil }) {
            metrics.posts = members.map { (id: $0.key, metrics: $0.value) }
        } else {
            metrics.all = json
        }
        for part in metrics.posts.map(\.metrics) + (metrics.all.map { [$0] } ?? []) where !InjectedNumbers.isValid(part) {
            issues.append(FieldIssue(path, "must hold whole numbers from 0 or null, by these names: \(Metric.words)"))
            return nil
        }
        return metrics
    }
}
