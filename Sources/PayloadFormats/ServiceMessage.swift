import Core

/// An event as a message of a chat or notification service, each text within the service's limits and escaped as it wants.
struct ServiceMessage: Sendable {
    let sentence: Sentence
    /// The user's own words instead of ours; nil: none.
    let text: String?
    let event: OutgoingEvent

    init(_ envelope: Envelope, _ options: FormatOptions) throws(FormatIssue) {
        event = envelope.event
        sentence = Sentence(envelope)
        if let template = options.template {
            text = try Template(template, escaping: .none).render(envelope)
        } else {
            text = nil
        }
    }

    func request(_ format: PayloadFormat, _ options: FormatOptions, _ url: String) throws(FormatIssue) -> OutgoingPayload {
        switch format {
        case .slack: return OutgoingPayload(url: url, body: slack.bytes)
        case .discord: return OutgoingPayload(url: url, body: discord.bytes)
        case .teams: return OutgoingPayload(url: url, body: teams.bytes)
        case .googleChat: return OutgoingPayload(url: url, body: JSONValue.object([.init("text", .string(googleChat))]).bytes)
        case .telegram: return OutgoingPayload(url: url, body: telegram(options).bytes)
        case .ntfy: return ntfy(options, url)
        case .twilio:
            let fields: [(name: String, value: String)] = [
                ("From", options.from ?? ""), ("To", options.to ?? ""), ("Body", plain(1600)),
            ]
            return OutgoingPayload(
                url: url, contentType: FormEncoding.contentType, body: Array(FormEncoding.encode(fields).utf8))
        case .audenci, .cloudevents, .form, .template:
            throw FormatIssue(field: "", description: "\(format.rawValue) is no service")
        }
    }

    /// Headline and facts as lines.
    private func plain(_ limit: Int) -> String {
        let facts = sentence.facts.map { "\($0.name): \($0.value)" }
        return (text ?? ([sentence.headline] + facts).joined(separator: "\n")).cut(to: limit)
    }

    // MARK: Slack (docs.slack.dev, Block Kit: header 150 characters, section text 3000, field 2000, 10 fields)

    private var slack: JSONValue {
        if let text { return ["text": .string(Self.slackEscaped(text.cut(to: 3000)))] }
        var blocks: [JSONValue] = [
            [
                "type": "section",
                "text": [
                    "type": "mrkdwn",
                    "text": .string(
                        "\(sentence.isBad ? ":warning:" : ":loudspeaker:") *\(Self.slackEscaped(sentence.headline.cut(to: 2000)))*"
                    ),
                ],
            ]
        ]
        let fields = sentence.facts.prefix(10).map { fact -> JSONValue in
            [
                "type": "mrkdwn",
                "text": .string("*\(Self.slackEscaped(fact.name))*\n\(Self.slackEscaped(fact.value.cut(to: 1500)))"),
            ]
        }
        if !fields.isEmpty { blocks.append(["type": "section", "fields": .array(fields)]) }
        blocks.append([
            "type": "context",
            "elements": [["type": "mrkdwn", "text": .string("\(event.type) · \(event.eventID)")]],
        ])
        return ["text": .string(Self.slackEscaped(sentence.headline.cut(to: 3000))), "blocks": .array(blocks)]
    }

    /// Slack asks for these three and no others; what is left of `<!channel>` notifies nobody.
    private static func slackEscaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
        return result
    }

    // MARK: Discord (docs.discord.com: title 256, description 4096, field name 256 and value 1024, 25 fields, 6000 in all)

    private var discord: JSONValue {
        var members: [JSONValue.Member] = [.init("username", "Audenci")]
        if let text {
            members.append(.init("content", .string(text.cut(to: 2000))))
        } else {
            var embed: [JSONValue.Member] = [
                .init("title", .string(sentence.headline.cut(to: 256))),
                .init("color", .int(sentence.isBad ? 0xD93025 : 0x188038)),
                .init("footer", ["text": .string("\(event.type) · \(event.eventID)")]),
            ]
            if let link = sentence.link { embed.append(.init("url", .string(link))) }
            let fields = sentence.facts.prefix(5).map { fact -> JSONValue in
                ["name": .string(fact.name.cut(to: 256)), "value": .string(fact.value.cut(to: 900)), "inline": false]
            }
            if !fields.isEmpty { embed.append(.init("fields", .array(fields))) }
            members.append(.init("embeds", .array([.object(embed)])))
        }
        // Whatever a caption says, nobody is pinged.
        members.append(.init("allowed_mentions", ["parse": []]))
        return .object(members)
    }

    // MARK: Teams (an Adaptive Card in a message, as Workflows want it; 28 KiB)

    private var teams: JSONValue {
        var body: [JSONValue] = [
            [
                "type": "TextBlock", "text": .string((text ?? sentence.headline).cut(to: 4000)), "wrap": true,
                "weight": "Bolder", "color": sentence.isBad ? "Attention" : "Default",
            ]
        ]
        if text == nil, !sentence.facts.isEmpty {
            let facts = sentence.facts.prefix(10).map { fact -> JSONValue in
                ["title": .string(fact.name.cut(to: 100)), "value": .string(fact.value.cut(to: 1000))]
            }
            body.append(["type": "FactSet", "facts": .array(facts)])
        }
        return [
            "type": "message",
            "attachments": [
                [
                    "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": .null,
                    "content": [
                        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard",
                        "version": "1.4", "body": .array(body),
                    ],
                ]
            ],
        ]
    }

    // MARK: Google Chat (developers.google.com/workspace/chat, format messages: `<users/all>` notifies everybody in the space)

    /// There is no escaping; a space of no width inside what would be a mention makes it text.
    private var googleChat: String {
        plain(4000).split(separator: "<users/", omittingEmptySubsequences: false).joined(separator: "<\u{200B}users/")
    }

    // MARK: Telegram (core.telegram.org/bots/api, sendMessage: 4096 characters after entities)

    private func telegram(_ options: FormatOptions) -> JSONValue {
        // Escaping makes text longer, never what is seen of it.
        let lines =
            text.map { [$0.cut(to: 4000).htmlEscaped] }
            ?? ["<b>\(sentence.headline.cut(to: 1000).htmlEscaped)</b>"]
            + sentence.facts.prefix(8).map { "\($0.name.htmlEscaped): \($0.value.cut(to: 300).htmlEscaped)" }
        return [
            "chat_id": .string(options.chatID ?? ""), "text": .string(lines.joined(separator: "\n")), "parse_mode": "HTML",
            "link_preview_options": ["is_disabled": true],
        ]
    }

    // MARK: ntfy (docs.ntfy.sh, publish as JSON: to the server's root with the topic in the body; message 4096 bytes)

    private func ntfy(_ options: FormatOptions, _ url: String) -> OutgoingPayload {
        var members: [JSONValue.Member] = []
        var target = url
        var topic = options.topic
        if topic == nil, let slash = url.lastIndex(of: "/"), url[..<slash].hasSuffix("/") == false {
            topic = String(url[url.index(after: slash)...].prefix { $0 != "?" })
            target = String(url[...slash])
        }
        members.append(.init("topic", .string(topic ?? "audenci")))
        members.append(.init("title", .string(sentence.headline.cut(to: 200))))
        members.append(.init("message", .string(plain(1000))))
        members.append(.init("priority", .int(Int64(options.priority ?? (sentence.isBad ? 4 : 3)))))
        let tags = options.tags.isEmpty ? [sentence.isBad ? "warning" : "loudspeaker"] : options.tags
        members.append(.init("tags", .array(tags.map { .string($0) })))
        if let link = sentence.link { members.append(.init("click", .string(link))) }
        return OutgoingPayload(url: target, body: JSONValue.object(members).bytes)
    }
}
