public import Foundation

/// What is known about a key; never the key itself.
public struct APIKey: Codable, Hashable, Identifiable, Sendable {
    public var id: String
    public var name: String
    /// Enough of it to recognise it.
    public var hint: String
    public var scope: KeyScope
    /// The brands it is limited to; empty: all.
    public var brandIds: [String]
    /// Sees sandbox accounts only.
    public var development: Bool
    public var createdAt: Date
    public var expiresAt: Date?
    public var revokedAt: Date?
    public var lastUsedAt: Date?
    /// The addresses and networks it may be used from; empty: all.
    public var allowedAddresses: [String]
    /// The version of the API that it is pinned to, such as `2026-02-03`.
    public var apiVersion: String
    /// The key that this one takes over from.
    public var rotatedFrom: String?
}

/// A new key, shown this once.
public struct NewAPIKey: Decodable, Hashable, Sendable {
    /// `sk_prod_...`: keep it, it is never shown again.
    public var key: String
    public var details: APIKey

    private enum CodingKeys: String, CodingKey { case key }

    public init(from decoder: any Decoder) throws {
        key = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .key)
        details = try APIKey(from: decoder)
    }
}

/// A key to be made.
public struct APIKeyDraft: Codable, Hashable, Sendable {
    public var name: String
    public var scope: KeyScope?
    public var expiresAt: Date?
    public var brandIds: [String]?
    public var development: Bool?
    /// Addresses and networks, such as `203.0.113.0/24`.
    public var allowedAddresses: [String]?
    /// The version of the API that it is pinned to; the newest by default.
    public var apiVersion: String?

    public init(
        name: String, scope: KeyScope? = nil, expiresAt: Date? = nil, brandIds: [String]? = nil, development: Bool? = nil,
        allowedAddresses: [String]? = nil
    ) {
        self.name = name
        self.scope = scope
        self.expiresAt = expiresAt
        self.brandIds = brandIds
        self.development = development
        self.allowedAddresses = allowedAddresses
    }
}
