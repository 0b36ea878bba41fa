package import Contract
package import Core

/// An event as it is stored: the payload's bytes, and what filters, ordering and replay have to know of it.
package struct EventRecord: Sendable {
    package var id: EventID
    package var organizationID: OrganizationID
    package var brandID: BrandID?
    package var userID: UserID?
    package var type: String
    /// The seed's envelope, minified.
    package var body: [UInt8]
    package var scope: EventScope
    package var isTest: Bool
    package var createdAt: Instant
}

extension EventScope {
    /// The stored form; members that are empty are left out.
    var json: JSONValue {
        var members: [JSONValue.Member] = []
        if let entity { members.append(.init("entity", .string(entity))) }
        if !platforms.isEmpty { members.append(.init("platforms", .array(platforms.map { .string($0) }))) }
        if let campaignID { members.append(.init("campaignId", .string(campaignID))) }
        if !accountIDs.isEmpty { members.append(.init("accountIds", .array(accountIDs.map { .string($0) }))) }
        return .object(members)
    }

    init(json: JSONValue) {
        self.init(
            entity: json["entity"]?.string, platforms: json["platforms"]?.array?.compactMap(\.string) ?? [],
            campaignID: json["campaignId"]?.string, accountIDs: json["accountIds"]?.array?.compactMap(\.string) ?? [])
    }
}
