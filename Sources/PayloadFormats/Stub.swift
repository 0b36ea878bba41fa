package import Core

package enum PayloadFormat: String, Sendable, CaseIterable {
    case audenci, slack, discord, teams, googleChat = "google_chat", telegram, ntfy, cloudevents, form, twilio, template
}
package enum PayloadVersion: String, Sendable, CaseIterable { case seed = "2026-02", standard, cloudevents, thin }
package struct FormatOptions: Sendable, Hashable {
    package var stored: JSONValue = [:]
    package init() {}
    package init(json: JSONValue) throws(FormatIssue) { stored = json }
    package var json: JSONValue { stored }
}
package struct FormatIssue: Error, CustomStringConvertible {
    package let field: String
    package let description: String
}
package struct OutgoingEvent: Sendable {
    package var eventID: String
    package var type: String
    package var body: [UInt8]
    package var isTest: Bool
    package var publicURL: String
    package init(eventID: String, type: String, body: [UInt8], isTest: Bool, publicURL: String) {
        self.eventID = eventID
        self.type = type
        self.body = body
        self.isTest = isTest
        self.publicURL = publicURL
    }
}
package struct OutgoingPayload: Sendable {
    package var method: String
    package var url: String
    package var contentType: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
}
package enum PayloadRenderer {
    package static func check(_ format: PayloadFormat, _ options: FormatOptions) throws(FormatIssue) {
        guard format == .audenci else {
            throw FormatIssue(field: "", description: "the format \(format.rawValue) is not available yet")
        }
    }
    package static func render(
        _ event: OutgoingEvent, version: PayloadVersion, format: PayloadFormat, options: FormatOptions, url: String
    ) throws(FormatIssue) -> OutgoingPayload {
        OutgoingPayload(method: "POST", url: url, contentType: "application/json", headers: [], body: event.body)
    }
    package static func batch(_ events: [OutgoingEvent], version: PayloadVersion, url: String) throws(FormatIssue)
        -> OutgoingPayload
    {
        let bodies = events.map { String(decoding: $0.body, as: UTF8.self) }.joined(separator: ",")
        return OutgoingPayload(
            method: "POST", url: url, contentType: "application/json", headers: [], body: Array("[\(bodies)]".utf8))
    }
    package static func detected(from url: String) -> PayloadFormat? { nil }
    package static func rate(_ format: PayloadFormat) -> (perSecond: Double, burst: Int)? { nil }
}
