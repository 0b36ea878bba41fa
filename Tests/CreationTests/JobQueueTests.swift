import Core
import Relational
import Testing

@testable import Features

/// What asking for a job costs an organization that had many.
@Suite struct JobQueueTests {
    @Test func openJobsAreCountedWithoutThoseOfTheLastMonth() async throws {
        let world = try await CreationWorld()
        let count = JobQueries.countOpen(in: world.organization.organizationID)
        let steps = try await world.jobs.engine.read { try $0.query("EXPLAIN QUERY PLAN \(count)") { $0.text(3) } }
        #expect(steps.count == 1 && steps.first?.contains("job_open") == true, "\(steps)")
    }
}
