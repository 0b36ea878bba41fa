/// What became of one post of several; in the order in which they were sent.
public struct BulkResult: Decodable, Hashable, Sendable {
    /// As if it had been sent alone: 201, or the error's.
    public var status: Int
    /// The new post.
    public var id: String?
    /// Why there is none.
    public var error: AudenciError?

    private enum CodingKeys: String, CodingKey { case status, id, error }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let status = try container.decode(Int.self, forKey: .status)
        self.status = status
        id = try container.decodeIfPresent(String.self, forKey: .id)
        error = try container.decodeIfPresent(ErrorEnvelope.Body.self, forKey: .error).map { AudenciError(status: status, $0) }
    }
}

/// That something is gone.
public struct Deleted: Codable, Hashable, Sendable {
    public var id: String
    public var deleted: Bool
}
