import Foundation

/// A request that is the server's, and what it tells.
public struct VerifiedDelivery: Hashable, Sendable {
    /// The same on every retry, resend and replay: remember it, and do nothing twice. Nil without Standard Webhooks headers.
    public var messageId: String?
    /// One, or those of a batch.
    public var events: [WebhookEvent]
    /// Counts the webhook's deliveries without gaps; several in a batch. Like what follows, for the log: it is not signed.
    public var sequence: [Int]
    /// 1 for the first attempt.
    public var attempt: Int?
    /// Nothing happened: somebody tested the webhook.
    public var isTest: Bool

    init(_ body: Data, header: (String) -> String?) throws {
        // Alone it is not covered by any signature.
        let isSigned = header("webhook-timestamp") != nil && header("webhook-signature") != nil
        messageId = isSigned ? header("webhook-id") : nil
        events = try AudenciJSON.decode(OneOrMany.self, from: body).events
        sequence = header("x-audenci-sequence")?.split(separator: ",").compactMap { Int($0) } ?? []
        attempt = header("x-audenci-attempt").flatMap { Int($0) }
        isTest = header("x-audenci-test") == "true"
    }
}

/// An event, or a batch's array of them.
private struct OneOrMany: Decodable {
    let events: [WebhookEvent]

    init(from decoder: any Decoder) throws {
        if var many = try? decoder.unkeyedContainer() {
            var events: [WebhookEvent] = []
            while !many.isAtEnd { events.append(try many.decode(WebhookEvent.self)) }
            self.events = events
        } else {
            events = [try WebhookEvent(from: decoder)]
        }
    }
}
