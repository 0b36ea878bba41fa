/// What a webhook's requests look like.
package enum PayloadFormat: String, Sendable, CaseIterable {
    /// Audenci's own body, in one of its ``PayloadVersion``s.
    case audenci
    case slack, discord, teams
    case googleChat = "google_chat"
    case telegram, ntfy
    /// CloudEvents 1.0 in structured mode.
    case cloudevents
    /// The payload's members as a form.
    case form
    /// A text message by Twilio.
    case twilio
    /// What the user's own template says.
    case template
}

/// The shape of Audenci's own body.
package enum PayloadVersion: String, Sendable, CaseIterable {
    /// Exactly `event, timestamp, data, organizationId, brandId` and `userId` when there is one.
    case seed = "2026-02"
    /// The same with `id` and `type` before it, as Standard Webhooks has it.
    case standard
    /// CloudEvents 1.0 in structured mode.
    case cloudevents
    /// Ids only, and where to fetch the rest.
    case thin
}

/// Why an event cannot be put into a format, or why options cannot be used.
package struct FormatIssue: Error, CustomStringConvertible {
    /// The option that is wrong; empty when it is none in particular.
    package let field: String
    /// A sentence that says what is allowed.
    package let description: String

    package init(field: String, description: String) {
        self.field = field
        self.description = description
    }
}

/// An event on its way out.
package struct OutgoingEvent: Sendable {
    package var eventID: String
    package var type: String
    /// The stored envelope, minified.
    package var body: [UInt8]
    package var isTest: Bool
    /// Where this server is found, without a slash at the end; empty when that is not known.
    package var publicURL: String

    package init(eventID: String, type: String, body: [UInt8], isTest: Bool, publicURL: String) {
        self.eventID = eventID
        self.type = type
        self.body = body
        self.isTest = isTest
        self.publicURL = publicURL
    }
}

/// What is sent.
package struct OutgoingPayload: Sendable {
    package var method = "POST"
    package var url: String
    package var contentType: String
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8]

    package init(
        method: String = "POST", url: String, contentType: String = "application/json",
        headers: [(name: String, value: String)] = [], body: [UInt8]
    ) {
        self.method = method
        self.url = url
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }
}
