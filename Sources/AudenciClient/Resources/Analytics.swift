public import Foundation

extension APIClient {
    /// Figures of posts and accounts: `client.analytics`.
    public var analytics: Analytics { Analytics(client: self) }

    /// What can be done with figures. Which there are depends on the platforms, so they come as JSON.
    public struct Analytics: Sendable {
        let client: APIClient

        /// The figures that a query asks for.
        public func get(_ query: [String: String] = [:]) async throws -> JSONValue {
            try await client.get(["analytics"], query)
        }

        /// The figures of a post.
        public func post(_ id: String) async throws -> JSONValue { try await client.get(["analytics", "posts", id]) }

        /// When posts did best.
        public func bestTimes(_ query: [String: String] = [:]) async throws -> JSONValue {
            try await client.get(["analytics", "best-times"], query)
        }

        /// Every figure in one file.
        /// - Parameter format: `csv`, `ndjson` or `parquet`.
        public func export(format: String, _ query: [String: String] = [:]) async throws -> Data {
            let all = query.merging(["format": format]) { _, format in format }
            return try await client.data(APIRequest(.get, ["analytics", "export"], query: all)).value
        }

        /// Has the server ask the platforms for the figures of a post now.
        @discardableResult
        public func refresh(postId: String, idempotencyKey: String? = nil) async throws -> JSONValue {
            try await client.write(.post, ["analytics", "refresh"], ["postId": postId], idempotencyKey: idempotencyKey)
        }

        /// Has the server ask a platform for the figures of an account now.
        @discardableResult
        public func refresh(socialAccountId: String, idempotencyKey: String? = nil) async throws -> JSONValue {
            try await client.write(
                .post, ["analytics", "refresh"], ["socialAccountId": socialAccountId], idempotencyKey: idempotencyKey)
        }
    }
}
