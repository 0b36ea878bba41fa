public import Foundation

/// What happened, as a delivery tells it. Reads every payload version: `2026-02`, `standard`, `cloudevents` and `thin`.
public struct WebhookEvent: Decodable, Hashable, Sendable {
    /// The event's id, where the payload holds it; ``VerifiedDelivery/messageId`` always does.
    public var id: String?
    public var type: EventType
    public var timestamp: Date
    public var data: EventData
    /// `data` as it came.
    public var json: JSONValue
    public var organizationId: String
    public var brandId: String?
    /// Who triggered it; nil when the system did.
    public var userId: String?

    enum CodingKeys: String, CodingKey {
        case id, event, type, timestamp, time, data, source, organizationId, brandId, brandid, userId, userid
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decodeIfPresent(String.self, forKey: .id)
        let name = try container.decodeIfPresent(String.self, forKey: .event) ?? container.decode(String.self, forKey: .type)
        let type = EventType(name.hasPrefix(Self.cloudPrefix) ? String(name.dropFirst(Self.cloudPrefix.count)) : name)
        self.type = type
        timestamp =
            try container.decodeIfPresent(Date.self, forKey: .timestamp) ?? container.decode(Date.self, forKey: .time)
        json = try container.decodeIfPresent(JSONValue.self, forKey: .data) ?? .null
        data = EventData(type, EventDataSource(container: container))
        organizationId =
            try container.decodeIfPresent(String.self, forKey: .organizationId)
            ?? Self.lastPart(of: container.decode(String.self, forKey: .source))
        brandId =
            try container.decodeIfPresent(String.self, forKey: .brandId)
            ?? container.decodeIfPresent(String.self, forKey: .brandid)
        userId =
            try container.decodeIfPresent(String.self, forKey: .userId)
            ?? container.decodeIfPresent(String.self, forKey: .userid)
    }

    /// CloudEvents name types by domain, and the organization by the source's URL.
    private static let cloudPrefix = "com.audenci."

    private static func lastPart(of source: String) -> String {
        source.split(separator: "/").last.map(String.init) ?? source
    }
}
