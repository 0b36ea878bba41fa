import Core

/// A post in a Graph list, as far as we look at it.
struct GraphPost {
    var id: String
    var text: String
    var createdAt: Instant
    var permalink: String?
    var json: JSONValue

    /// Nil when it is no post: a list with one such entry proves nothing. Text may be missing: a post of pictures only.
    init?(_ json: JSONValue, text: String, time: String, permalink: String) {
        guard let id = json.identifier("id"), let created = json[time]?.string, let createdAt = Instant(iso8601: created) else {
            return nil
        }
        switch json[text] {
        case nil, .null: self.text = ""
        case .string(let words): self.text = words
        default: return nil
        }
        self.id = id
        self.createdAt = createdAt
        self.permalink = json.link(permalink)
        self.json = json
    }
}

/// What a look through an account's newest posts found.
enum GraphSearch {
    case found(GraphPost)
    /// Every post since the window's start was looked at.
    case absent
    /// There are more posts than we read, or than can be asked for.
    case unfinished

    /// Goes through pages, newest first, until a post matches or is older than the window.
    static func run(
        _ window: ReconcileWindow, besides others: Set<String>, for platform: Platform,
        page: (String?) async throws(PublishFailure) -> GraphAPI.Page,
        read post: (JSONValue) -> GraphPost?, matches: (GraphPost) -> Bool
    ) async throws(PublishFailure) -> GraphSearch {
        var cursor: String?
        for _ in 0..<ReconcileWindow.maximumPages {
            let read = try await page(cursor)
            let posts = read.entries.compactMap(post)
            guard posts.count == read.entries.count else {
                throw PublishFailure(
                    .beforeEffect, code: "platform_answer_invalid",
                    message: "\(platform.properName)'s list of posts holds something that is no post.")
            }
            if let match = posts.first(where: { window.contains($0.createdAt) && !others.contains($0.id) && matches($0) }) {
                return .found(match)
            }
            if let oldest = posts.last, !window.contains(oldest.createdAt) { return .absent }
            guard read.hasMore else { return .absent }
            guard let next = read.next else { return .unfinished }
            cursor = next
        }
        return .unfinished
    }
}
