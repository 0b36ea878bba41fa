extension APIClient {
    /// Jobs: `client.jobs`.
    public var jobs: Jobs { Jobs(client: self) }

    /// Generated pictures and captions: `client.generation`.
    public var generation: Generation { Generation(client: self) }

    /// What can be done with work that goes on after its answer.
    public struct Jobs: Sendable {
        let client: APIClient

        /// One page of jobs.
        public func list(limit: Int? = nil, cursor: String? = nil) async throws -> Page<Job> {
            try await client.page(["jobs"], [:], limit: limit, cursor: cursor)
        }

        /// One job.
        public func get(_ id: String) async throws -> Job { try await client.get(["jobs", id]) }

        /// Asks until the job has ended, every half second and as often as said.
        /// - Returns: the job; one that has not ended when the patience has.
        public func ended(_ id: String, asking times: Int = 120) async throws -> Job {
            for _ in 1..<max(times, 1) {
                let job = try await get(id)
                if job.hasEnded { return job }
                try await Task.sleep(for: .milliseconds(500))
            }
            return try await get(id)
        }

        /// Ends a job; its credits are given back.
        @discardableResult
        public func cancel(_ id: String, idempotencyKey: String? = nil) async throws -> Job {
            try await client.write(.post, ["jobs", id, "cancel"], idempotencyKey: idempotencyKey)
        }
    }

    /// What can be generated. Each is a job.
    public struct Generation: Sendable {
        let client: APIClient

        /// Pictures for the media library.
        public func images(
            _ prompt: String, brandId: String, platform: Platform? = nil, count: Int = 1, style: String? = nil,
            idempotencyKey: String? = nil
        ) async throws -> Job {
            var wish: [String: JSONValue] = [
                "prompt": .string(prompt), "brandId": .string(brandId), "count": .int(Int64(count)),
            ]
            wish["platform"] = platform.map { .string($0.rawValue) }
            wish["style"] = style.map { .string($0) }
            return try await client.write(
                .post, ["images", "generate"], JSONValue.object(wish), idempotencyKey: idempotencyKey)
        }

        /// Captions in the brand's voice.
        public func captions(
            _ topic: String, brandId: String, platforms: [Platform] = [], count: Int = 3, idempotencyKey: String? = nil
        ) async throws -> Job {
            var wish: [String: JSONValue] = [
                "topic": .string(topic), "brandId": .string(brandId), "count": .int(Int64(count)),
            ]
            if !platforms.isEmpty { wish["platforms"] = .array(platforms.map { .string($0.rawValue) }) }
            return try await client.write(
                .post, ["captions", "generate"], JSONValue.object(wish), idempotencyKey: idempotencyKey)
        }
    }
}
