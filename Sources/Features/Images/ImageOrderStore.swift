package import Contract
package import Core
import Relational

/// Orders pictures.
package struct ImageOrderStore: Sendable {
    package let jobs: JobStore

    package init(jobs: JobStore) { self.jobs = jobs }

    /// Queues the job and reserves what its pictures cost. The same `id` again answers the job that is there.
    package func order(_ input: ImageInput, as id: JobID? = nil, for caller: Caller) async throws -> Job {
        let checked = try input.checked()
        let job = try await jobs.engine.write { connection in
            let ids = (0..<checked.count).map { _ in jobs.ambient.newID(MediaID.self) }
            return try jobs.create(
                .images, for: checked.brandID, input: ImageOrder(checked, mediaIDs: ids).json, costing: .image,
                count: checked.count, as: id, for: caller, on: connection)
        }
        jobs.changes.signal()
        return job
    }
}
