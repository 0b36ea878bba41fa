public import Foundation

extension APIClient {
    /// Pictures and videos: `client.media`.
    public var media: MediaLibrary { MediaLibrary(client: self) }

    /// What can be done with pictures and videos.
    public struct MediaLibrary: Sendable {
        let client: APIClient

        /// One page of the library.
        public func list(limit: Int? = nil, cursor: String? = nil) async throws -> Page<Media> {
            try await client.page(["media"], [:], limit: limit, cursor: cursor)
        }

        /// The whole library, page by page.
        public func all() -> PagedSequence<Media> { client.all(["media"]) }

        /// Uploads bytes that are in memory.
        public func upload(
            _ bytes: Data, filename: String, contentType: String, idempotencyKey: String? = nil
        ) async throws -> Media {
            try await upload(.data(bytes, contentType: contentType), filename, idempotencyKey)
        }

        /// Uploads a file from disk, without reading it into memory at once.
        public func upload(
            contentsOf file: URL, filename: String? = nil, contentType: String, idempotencyKey: String? = nil
        ) async throws -> Media {
            try await upload(.file(file, contentType: contentType), filename ?? file.lastPathComponent, idempotencyKey)
        }

        private func upload(_ body: APIRequest.Body, _ filename: String, _ idempotencyKey: String?) async throws -> Media {
            // Nothing arrives while a large file leaves.
            let request = APIRequest(
                .post, ["media"], query: ["filename": filename], body: body, idempotencyKey: idempotencyKey,
                timeout: .seconds(600))
            return try await client.send(request, as: Media.self).value
        }

        /// Has the server fetch a picture or video.
        public func upload(from url: String, idempotencyKey: String? = nil) async throws -> Media {
            try await client.write(.post, ["media", "from-url"], ["url": url], idempotencyKey: idempotencyKey)
        }

        /// What is known about a picture or video.
        public func get(_ id: String) async throws -> Media { try await client.get(["media", id]) }

        /// The picture or video itself.
        public func content(_ id: String) async throws -> Data {
            try await client.data(APIRequest(.get, ["media", id, "content"])).value
        }

        /// Changes what is known about it; what the change does not name stays.
        public func update(
            _ id: String, _ change: MediaChange, ifMatch: ETag? = nil, idempotencyKey: String? = nil
        ) async throws -> Media {
            try await client.write(.put, ["media", id], change, ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Removes it from the library.
        @discardableResult
        public func delete(_ id: String, ifMatch: ETag? = nil, idempotencyKey: String? = nil) async throws -> Deleted {
            try await client.write(.delete, ["media", id], ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }
    }
}
