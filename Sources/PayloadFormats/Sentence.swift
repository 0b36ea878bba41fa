import Core

/// An event in plain words, for people in a chat.
struct Sentence: Sendable {
    var headline: String
    /// What is worth knowing besides: name and value.
    var facts: [(name: String, value: String)] = []
    var isBad = false
    /// Where to look.
    var link: String?

    init(_ envelope: Envelope) {
        let data = envelope.data
        func text(_ name: String) -> String? { data[name]?.string }
        let title = text("title").map { "“\($0)”" } ?? "A post"
        let platforms = data["platforms"]?.array?.compactMap(\.string) ?? text("platform").map { [$0] } ?? []
        let places = platforms.isEmpty ? "" : " on " + Self.list(platforms)
        if !platforms.isEmpty { facts.append(("Platforms", platforms.joined(separator: ", "))) }
        switch envelope.event.type {
        case "post.created": headline = "\(title) was created."
        case "post.updated": headline = "\(title) was changed."
        case "post.deleted": headline = "\(title) was deleted."
        case "post.scheduled": headline = "\(title) is scheduled\(text("scheduledFor").map { " for \($0)" } ?? "")."
        case "post.published": headline = "\(title) is live\(places)."
        case "post.partially_published":
            headline = "\(title) is live on some of its platforms only."
            isBad = true
        case "post.failed":
            headline = "\(title) could not be published."
            isBad = true
        case "post.status_changed":
            headline = "\(title) went from \(text("previousStatus") ?? "?") to \(text("status") ?? "?")."
            isBad = text("status") == "FAILED" || text("status") == "NEEDS_ATTENTION"
        case "post.approval_requested": headline = "\(title) waits for approval."
        case "post.approved": headline = "\(title) was approved."
        case "post.rejected": headline = "\(title) was rejected."
        case "campaign.started": headline = "The campaign “\(text("name") ?? "?")” has started."
        case "campaign.ended": headline = "The campaign “\(text("name") ?? "?")” has ended."
        case "analytics.updated": headline = "New figures\(places)."
        case "follower.milestone":
            headline = "\(text("username") ?? "An account")\(places) has reached \(data["milestone"]?.int ?? 0) followers."
        case "comment.received": headline = "\(text("author") ?? "Somebody") commented\(places)."
        case "mention.detected": headline = "\(text("author") ?? "Somebody") mentioned you\(places)."
        case "account.connected": headline = "\(text("username") ?? "An account")\(places) was connected."
        case "account.disconnected":
            headline = "\(text("username") ?? "An account")\(places) can publish no more."
            isBad = true
        case "webhook.disabled":
            headline = "The webhook to \(text("url") ?? "?") was disabled."
            isBad = true
        case "webhook.failing":
            headline = "The webhook to \(text("url") ?? "?") has been failing for \(data["hours"]?.int ?? 0) hours."
            isBad = true
        case "webhook.recovered": headline = "The webhook to \(text("url") ?? "?") works again."
        case "webhook.delivery_exhausted":
            headline = "A delivery of \(text("event") ?? "an event") to \(text("url") ?? "?") failed for good."
            isBad = true
        case "webhook.test": headline = "This is a test from Audenci."
        default: headline = "\(envelope.event.type) happened."
        }
        if envelope.event.isTest, envelope.event.type != "webhook.test" { headline = "[Test] " + headline }
        for (name, key) in [("Why", "failureSummary"), ("Why", "reason"), ("Text", "text"), ("Last error", "lastError")] {
            if let value = text(key), !value.isEmpty { facts.append((name, value)) }
        }
        for member in data["platformResults"]?.object ?? [] {
            if let url = member.value["url"]?.string ?? member.value["permalink"]?.string {
                link = link ?? url
                facts.append((member.key, url))
            } else if let error = member.value["error"]?.string ?? member.value["error"]?["message"]?.string {
                facts.append((member.key, error))
            }
        }
    }

    private static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }
}

extension String {
    /// At most `limit` characters, with an ellipsis in place of what is cut. Characters are never split.
    func cut(to limit: Int) -> String { count <= limit ? self : prefix(max(limit - 1, 0)) + "…" }
}
