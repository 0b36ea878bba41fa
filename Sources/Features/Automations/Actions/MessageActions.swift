package import Contract
package import Core
import PayloadFormats

/// An e-mail.
package struct EmailAction: ActionForm {
    package var to: [String] = []
    package var subject = ""
    package var text = ""

    package init() {}

    static let kind = AutomationAction.Kind.sendEmail
    var step: AutomationAction.Step { .sendEmail(self) }
    package static let name = "SendEmailAction"
    package static let fields: [InputField<Self>] = [
        InputField("to", "Who gets it: 1 to 10 addresses.", required: true, .count(1...10), .each(.email)) { $0.to = $1 },
        InputField("subject", "Its subject; placeholders are filled in.", required: true, .template(1...200)) {
            $0.subject = $1
        },
        InputField("text", "Its text; placeholders are filled in.", required: true, .template(1...16_000)) { $0.text = $1 },
    ]
    package static let example: JSONValue = [
        "to": ["team@acme.example"], "subject": "{{data.title}} failed", "text": "{{post.failureSummary.message}}",
    ]
}

/// A line in the product's own list of notifications.
package struct NotificationAction: ActionForm {
    /// Absent: every member who may see the event's brand.
    package var userIDs: [UserID]?
    package var title = ""
    package var text: String?

    package init() {}

    static let kind = AutomationAction.Kind.sendNotification
    var step: AutomationAction.Step { .sendNotification(self) }
    package static let name = "SendNotificationAction"
    package static let fields: [InputField<Self>] = [
        InputField("userIds", "Who gets it; every member who may see the event's brand, when absent.", .count(1...100)) {
            $0.userIDs = $1
        },
        InputField("title", "One line; placeholders are filled in.", required: true, .template(1...500)) { $0.title = $1 },
        InputField("text", "More of it; placeholders are filled in.", .template(1...4000)) { $0.text = $1 },
    ]
    package static let example: JSONValue = ["title": "Published: {{data.title}}"]
}

/// A request to somebody's server.
package struct CallAction: ActionForm {
    package var url = ""
    /// Nil: it is not signed.
    package var secret: Secret?
    /// Nil: the event as webhooks get it.
    package var body: String?
    package var timeoutSeconds = 15

    package init() {}

    static let kind = AutomationAction.Kind.webhookCall
    var step: AutomationAction.Step { .webhookCall(self) }
    package static let name = "WebhookCallAction"
    package static let fields: [InputField<Self>] = [
        InputField("url", "Where the POST request goes: an https URL.", required: true, .length(1...2048)) { $0.url = $1 },
        InputField(
            "secret", "Signs the request as webhooks' are: 12 to 200 characters; null: it is not signed.",
            Rule { secretIssue($0.value) }
        ) { (form: inout Self, secret: Change<String>) in form.secret = secret.value.map { Secret($0) } },
        InputField(
            "body", "JSON whose placeholders are filled in, escaped; the event as webhooks get it, when absent.",
            .length(2...16_000), Rule { bodyIssue($0) }
        ) { $0.body = $1 },
        InputField("timeoutSeconds", "How long an attempt may take; 15 unless said otherwise.", .range(1...30)) {
            $0.timeoutSeconds = $1
        },
    ]
    package static let example: JSONValue = ["url": "https://your-domain.com/hook", "secret": "whsec_…example"]

    /// A value that was shown masked may be sent back.
    private static func secretIssue(_ secret: String?) -> String? {
        guard let secret, !secret.hasPrefix(Webhook.mask) else { return nil }
        return (12...200).contains(secret.utf8.count) ? nil : "must have 12 to 200 characters"
    }

    private static func bodyIssue(_ text: String) -> String? {
        do throws(FormatIssue) {
            _ = try TextTemplate(text, for: .json)
            return nil
        } catch {
            return error.description
        }
    }
}

/// A draft whose caption a model writes.
package struct ContentAction: PostForm {
    package var post = PostTemplate()
    package var prompt = ""

    package init() {}

    static let kind = AutomationAction.Kind.generateContent
    var step: AutomationAction.Step { .generateContent(self) }
    package static let name = "GenerateContentAction"
    package static let fields: [InputField<Self>] =
        [
            InputField(
                "prompt", "What the caption shall say; placeholders are filled in.", required: true, .template(1...4000)
            ) { $0.prompt = $1 }
        ] + postFields
    package static let example: JSONValue = ["prompt": "Announce that {{data.title}} is out.", "platforms": ["mastodon"]]
}

/// A picture for the library.
package struct ImageAction: ActionForm {
    package var prompt = ""
    /// Absent: the event's brand.
    package var brandID: BrandID?

    package init() {}

    static let kind = AutomationAction.Kind.generateImage
    var step: AutomationAction.Step { .generateImage(self) }
    package static let name = "GenerateImageAction"
    package static let fields: [InputField<Self>] = [
        InputField("prompt", "What the picture shall show; placeholders are filled in.", required: true, .template(1...4000)) {
            $0.prompt = $1
        },
        InputField("brandId", "The picture's brand; the event's, when absent.") { $0.brandID = $1 },
    ]
    package static let example: JSONValue = ["prompt": "A summer sale"]
}
