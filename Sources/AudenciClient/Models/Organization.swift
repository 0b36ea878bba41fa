public import Foundation

/// Whose data it is.
public struct Organization: Codable, Hashable, Identifiable, Versioned, Sendable {
    public var id: String
    public var name: String
    /// `STARTER`, `GROWTH`, `SCALE` or `ENTERPRISE`.
    public var plan: String
    /// The hourly limit, where it is not the plan's.
    public var requestsPerHour: Int?
    public var timezone: String?
    /// Posts are published after an approval, in so many stages.
    public var approvalRequired: Bool?
    public var approvalStages: Int?
    /// Whoever wrote a post may approve it.
    public var selfApproval: Bool?
    public var categoryRequired: Bool?
    public var createdAt: Date
    public var updatedAt: Date
    public var version: Int
}

/// A person in the organization.
public struct Member: Codable, Hashable, Identifiable, Sendable {
    public var userId: String
    public var email: String
    public var name: String?
    /// `OWNER`, `ADMIN`, `MANAGER`, `CREATOR` or `VIEWER`.
    public var role: String
    /// The brands that the member is limited to; empty: all.
    public var brandIds: [String]?
    public var createdAt: Date

    public var id: String { userId }
}

/// What the server is.
public struct ServerFacts: Codable, Hashable, Sendable {
    public var version: String
    /// Where deliveries come from, for allowlists.
    public var egressIps: [String]
    public var platforms: [Platform]
}
