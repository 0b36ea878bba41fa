import Core

/// Turns events into the requests that webhooks want. Pure: the same event makes the same bytes on every attempt.
package enum PayloadRenderer {
    /// Largest payload that is sent whole, in bytes.
    package static let maximumBytes = 262_144

    /// Whether a format can be used with these options: what it needs is there, and a template can be read.
    package static func check(_ format: PayloadFormat, _ options: FormatOptions) throws(FormatIssue) {
        if let template = options.template { _ = try Template(template, escaping: .none) }
        let needed: [(String, Bool)] =
            switch format {
            case .telegram: [("chatId", options.chatID == nil)]
            case .twilio: [("from", options.from == nil), ("to", options.to == nil)]
            case .template: [("template", options.template == nil)]
            case .audenci, .slack, .discord, .teams, .googleChat, .ntfy, .cloudevents, .form: []
            }
        if let missing = needed.first(where: { $0.1 }) {
            throw FormatIssue(field: missing.0, description: "is required for the format \(format.rawValue)")
        }
        if format != .template, options.method != nil || options.contentType != nil {
            throw FormatIssue(
                field: options.method != nil ? "method" : "contentType", description: "is for the format template only")
        }
        if options.template != nil, format == .audenci || format == .cloudevents || format == .form {
            throw FormatIssue(field: "template", description: "is not for the format \(format.rawValue)")
        }
    }

    /// - Parameter url: the webhook's.
    /// - Throws: ``FormatIssue`` when a template renders more than is allowed.
    package static func render(
        _ event: OutgoingEvent, version: PayloadVersion, format: PayloadFormat, options: FormatOptions, url: String
    ) throws(FormatIssue) -> OutgoingPayload {
        if format == .audenci, version == .seed, event.body.count <= maximumBytes {
            return OutgoingPayload(url: url, body: event.body)
        }
        let envelope = Envelope(event)
        switch format {
        case .audenci:
            return OutgoingPayload(
                url: url, contentType: version == .cloudevents ? Envelope.cloudEventsType : "application/json",
                body: bounded(envelope, version))
        case .cloudevents:
            return OutgoingPayload(url: url, contentType: Envelope.cloudEventsType, body: bounded(envelope, .cloudevents))
        case .form:
            return OutgoingPayload(
                url: url, contentType: FormEncoding.contentType, body: Array(FormEncoding.encode(envelope.flattened).utf8))
        case .template: return try Template.request(envelope, options, url)
        case .slack, .discord, .teams, .googleChat, .telegram, .ntfy, .twilio:
            return try ServiceMessage(envelope, options).request(format, options, url)
        }
    }

    /// Several events as one JSON array, each in that version.
    package static func batch(
        _ events: [OutgoingEvent], version: PayloadVersion, url: String
    ) throws(FormatIssue) -> OutgoingPayload {
        var body: [UInt8] = [0x5B]
        for (index, event) in events.enumerated() {
            if index > 0 { body.append(0x2C) }
            body += version == .seed && event.body.count <= maximumBytes ? event.body : bounded(Envelope(event), version)
        }
        body.append(0x5D)
        return OutgoingPayload(
            url: url, contentType: version == .cloudevents ? "application/cloudevents-batch+json" : "application/json",
            body: body)
    }

    /// The payload, or a thin one that says where the whole is when it is too large. Never nothing.
    private static func bounded(_ envelope: Envelope, _ version: PayloadVersion) -> [UInt8] {
        let body = envelope.bytes(version)
        return body.count <= maximumBytes ? body : envelope.truncated.bytes(version)
    }

    /// The format that a URL's service wants; nil for any other URL.
    package static func detected(from url: String) -> PayloadFormat? {
        let rest = url.lowercased().split(separator: "://", maxSplits: 1).last ?? ""
        let host = rest.prefix { $0 != "/" && $0 != ":" && $0 != "?" }
        let path = rest.dropFirst(host.count)
        switch host {
        case "hooks.slack.com": return .slack
        case "discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com":
            return path.hasPrefix("/api/webhooks/") ? .discord : nil
        case "chat.googleapis.com": return .googleChat
        case "api.telegram.org": return .telegram
        case "ntfy.sh": return .ntfy
        case "api.twilio.com": return .twilio
        default:
            let isTeams =
                host.hasSuffix(".webhook.office.com") || host.hasSuffix(".logic.azure.com")
                || host.hasSuffix(".environment.api.powerplatform.com")
            return isTeams ? .teams : nil
        }
    }

    /// How fast a service may be called: Slack one message a second with short bursts (docs.slack.dev, rate limits), Discord
    /// five in two seconds and 30 a minute for each webhook, of which the minute is what lasts, Teams four a second, Google
    /// Chat one a second for each space, Telegram one a second for each chat. Nil: no limit is known.
    package static func rate(_ format: PayloadFormat) -> (perSecond: Double, burst: Int)? {
        switch format {
        case .slack: (1, 5)
        case .discord: (0.5, 5)
        case .teams: (4, 4)
        case .googleChat: (1, 1)
        case .telegram: (1, 3)
        case .twilio: (1, 1)
        case .audenci, .ntfy, .cloudevents, .form, .template: nil
        }
    }
}
