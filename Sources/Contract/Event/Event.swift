package import Core

/// What happened, as webhooks tell it. The declared properties are the `data` of the payload, in that order.
package protocol Event: APIObject {
    /// `post.published`: the word that webhooks subscribe to.
    static var type: String { get }
    /// What filters and ordering look at besides the payload.
    var scope: EventScope { get }
}

extension Event {
    package var scope: EventScope { EventScope() }
}

/// What an event is about, beyond what its payload says.
package struct EventScope: Hashable, Sendable {
    /// The post, campaign or account it is about: deliveries of one entity can be kept in order.
    package var entity: String?
    package var platforms: [String]
    package var campaignID: String?
    package var accountIDs: [String]

    package init(entity: String? = nil, platforms: [String] = [], campaignID: String? = nil, accountIDs: [String] = []) {
        self.entity = entity
        self.platforms = platforms
        self.campaignID = campaignID
        self.accountIDs = accountIDs
    }
}

/// The body that webhooks receive: exactly `event, timestamp, data, organizationId, brandId` and, when a user or a key
/// triggered it, `userId`; minified, in this order. These bytes are stored, signed and sent as they are.
package struct Envelope: Sendable {
    package var timestamp: Instant
    package var organizationID: OrganizationID
    package var brandID: BrandID?
    package var userID: UserID?

    package init(timestamp: Instant, organizationID: OrganizationID, brandID: BrandID?, userID: UserID?) {
        self.timestamp = timestamp
        self.organizationID = organizationID
        self.brandID = brandID
        self.userID = userID
    }

    /// The payload for `event`.
    package func bytes<E: Event>(of event: E) -> [UInt8] {
        bytes(type: E.type) { event.write(to: &$0) }
    }

    /// The payload for an event whose data is given as JSON.
    package func bytes(type: String, data: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("event"); writer.string(type)
        writer.key("timestamp"); writer.instant(timestamp)
        writer.key("data"); data(&writer)
        writer.key("organizationId"); writer.string(organizationID.rawValue)
        writer.key("brandId")
        if let brandID { writer.string(brandID.rawValue) } else { writer.null() }
        if let userID { writer.key("userId"); writer.string(userID.rawValue) }
        writer.endObject()
        return writer.bytes
    }
}
