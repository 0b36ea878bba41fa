public import Foundation

/// A URL of the server's that takes any request and shows it, to rehearse deliveries.
public struct Bin: Codable, Hashable, Identifiable, Sendable {
    public var id: String
    public var url: String
    public var behavior: BinBehavior
    public var status: Int
    public var delayMs: Int
    public var responseBody: String
    public var failures: Int?
    public var requestCount: Int
    public var createdAt: Date
    public var expiresAt: Date
}

/// How a bin is to behave.
public struct BinInput: Codable, Hashable, Sendable {
    public var behavior: BinBehavior?
    public var status: Int?
    public var delayMs: Int?
    public var responseBody: String?
    /// How many requests get `status`; without it, all of them.
    public var failures: Int?

    public init(
        behavior: BinBehavior? = nil, status: Int? = nil, delayMs: Int? = nil, responseBody: String? = nil, failures: Int? = nil
    ) {
        self.behavior = behavior
        self.status = status
        self.delayMs = delayMs
        self.responseBody = responseBody
        self.failures = failures
    }
}

/// A request that a bin took.
public struct BinRequest: Codable, Hashable, Sendable {
    public var number: Int
    public var receivedAt: Date
    public var method: String
    public var path: String
    public var headers: [String: String]
    public var body: String
    public var truncated: Bool
}
