package import Core

/// What a format needs besides the event. Stored with the webhook as JSON.
package struct FormatOptions: Sendable, Hashable {
    /// telegram: the chat.
    package var chatID: String?
    /// twilio: the sender's and the receiver's number.
    package var from: String?
    package var to: String?
    /// ntfy: the topic, when the url does not end with it; 1 to 5; tags.
    package var topic: String?
    package var priority: Int?
    package var tags: [String] = []
    /// A mustache template: the whole body for `template`, the message's text for the services.
    package var template: String?
    /// template: the body's type; `application/json` unless said otherwise.
    package var contentType: String?
    /// template: POST, PUT, PATCH, or GET, for which the text becomes the query.
    package var method: String?

    package init() {}

    /// Longest template that is accepted, in bytes.
    package static let maximumTemplateBytes = 16_384

    /// - Throws: ``FormatIssue`` naming the member that is unknown or of the wrong type.
    package init(json: JSONValue) throws(FormatIssue) {
        guard let members = json.object else { throw FormatIssue(field: "", description: "must be an object") }
        for member in members {
            func text(_ limit: Int) throws(FormatIssue) -> String {
                guard let text = member.value.string, (1...limit).contains(text.utf8.count) else {
                    throw FormatIssue(field: member.key, description: "must be a string of 1 to \(limit) characters")
                }
                return text
            }
            switch member.key {
            case "chatId":
                // Telegram's own ids are numbers.
                if let number = member.value.int { chatID = String(number) } else { chatID = try text(100) }
            case "from": from = try text(50)
            case "to": to = try text(50)
            case "topic": topic = try text(64)
            case "priority":
                guard let value = member.value.int, (1...5).contains(value) else {
                    throw FormatIssue(field: "priority", description: "must be 1 to 5")
                }
                priority = Int(value)
            case "tags":
                guard let elements = member.value.array, elements.count <= 10 else {
                    throw FormatIssue(field: "tags", description: "must be an array of at most 10 strings")
                }
                tags = elements.compactMap(\.string)
                guard tags.count == elements.count, tags.allSatisfy({ (1...32).contains($0.utf8.count) }) else {
                    throw FormatIssue(field: "tags", description: "must hold strings of 1 to 32 characters")
                }
            case "template": template = try text(Self.maximumTemplateBytes)
            case "contentType":
                let value = try text(100)
                guard value.contains("/"), !value.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
                    throw FormatIssue(field: "contentType", description: "must be a media type such as text/plain")
                }
                contentType = value
            case "method":
                let value = try text(10)
                guard ["POST", "PUT", "PATCH", "GET"].contains(value) else {
                    throw FormatIssue(field: "method", description: "must be one of POST, PUT, PATCH, GET")
                }
                method = value
            default:
                throw FormatIssue(
                    field: member.key,
                    description:
                        "is not known; known are chatId, from, to, topic, priority, tags, template, contentType, method")
            }
        }
    }

    package var json: JSONValue {
        var members: [JSONValue.Member] = []
        for (name, value) in [
            ("chatId", chatID), ("from", from), ("to", to), ("topic", topic), ("template", template),
            ("contentType", contentType), ("method", method),
        ] {
            if let value { members.append(.init(name, .string(value))) }
        }
        if let priority { members.append(.init("priority", .int(Int64(priority)))) }
        if !tags.isEmpty { members.append(.init("tags", .array(tags.map { .string($0) }))) }
        return .object(members)
    }
}
