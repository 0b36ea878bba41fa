package import Contract
import Core

/// Jobs, whatever they make.
package struct JobsAPI: Sendable {
    let jobs: JobStore
    /// True once the server is going down: whoever follows a job is let go.
    let isStopping: @Sendable () -> Bool

    package init(jobs: JobStore, isStopping: @escaping @Sendable () -> Bool) {
        self.jobs = jobs
        self.isStopping = isStopping
    }

    package var endpoints: [Endpoint] {
        let id = PathParameter("id", as: JobID.self, "The job.")
        return [
            Endpoint(
                "GET", "/api/jobs", id: "jobs.list", "List jobs, newest first; those that ended are kept for 30 days.",
                scope: .readOnly, QueryParameters(JobFilter.self), PageParameters()
            ) { caller, filter, page in Paged(try await jobs.list(filter, for: caller, page: page)) },
            Endpoint(
                "GET", "/api/jobs/{id}", id: "jobs.get", "Get a job; with Prefer: wait, once it has ended.", scope: .readOnly,
                id, Waiting()
            ) { caller, id, wait in
                OK(try await jobs.ended(try await jobs.get(id, for: caller), within: wait, for: caller))
            },
            Endpoint(
                "GET", "/api/jobs/{id}/events", id: "jobs.events",
                "Follow a job as server-sent events: `progress` with the job at each change, `end` once it has ended.",
                scope: .readOnly, id
            ) { caller, id in try await follow(id, for: caller) },
            Endpoint(
                "POST", "/api/jobs/{id}/cancel", id: "jobs.cancel",
                "Stop a job. What it had reserved is given back; what the provider was asked is taken back.",
                scope: .readWrite, errors: [.conflict], id
            ) { caller, id in OK(try await jobs.cancel(id, for: caller)) },
        ]
    }

    private func follow(_ id: JobID, for caller: Caller) async throws -> Streamed<ServerSentEvents> {
        let first = try await jobs.get(id, for: caller)
        return Streamed(ServerSentEvents.self, headers: [("X-Accel-Buffering", "no")]) { send in
            var job = first
            try await send(Self.message(job))
            var lastSent = ContinuousClock.now
            while !job.status.hasEnded, !isStopping(), !Task.isCancelled {
                await jobs.changes.wait(atMost: .seconds(1))
                let present = try await jobs.get(id, for: caller)
                if present.version != job.version {
                    job = present
                    try await send(Self.message(job))
                    lastSent = .now
                } else if ContinuousClock.now - lastSent >= .seconds(15) {
                    // Keeps proxies from closing the connection, and finds out that the reader is gone.
                    try await send(Array(": still here\n\n".utf8))
                    lastSent = .now
                }
            }
        }
    }

    private static func message(_ job: Job) -> [UInt8] {
        Array("id: \(job.version)\nevent: \(job.status.hasEnded ? "end" : "progress")\ndata: ".utf8) + job.jsonBytes
            + [0x0A, 0x0A]
    }
}
