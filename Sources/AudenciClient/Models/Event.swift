public import Foundation

/// What happened, as the server keeps it.
public struct Event: Decodable, Identifiable, Sendable {
    public var id: String
    public var type: EventType
    public var createdAt: Date
    /// Nothing happened: somebody tested a webhook.
    public var test: Bool
    /// As webhooks get it.
    public var payload: WebhookEvent
}
