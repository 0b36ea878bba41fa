package import Contract
package import Features
package import Relational

/// Does the jobs of one kind. It may be called again for the same job after a crash, and must then replace what it left.
package protocol JobWork: Sendable {
    var kind: Job.Kind { get }
    /// Everything that takes its time; ends early when its task is cancelled.
    /// - Parameter report: says how far it is, for those who wait.
    /// - Throws: ``JobFailure`` or ``APIError`` for what the one who asked is told; anything else is logged.
    func perform(_ job: Job, report: JobReport) async throws -> JobOutcome
}

/// Takes a share from 0 to 1 and what is being done.
package typealias JobReport = @Sendable (_ progress: Double, _ step: String) async throws -> Void

/// What a job made, before it counts.
package struct JobOutcome: Sendable {
    /// Minified JSON.
    package var result: String
    package var provider: String
    /// What it costs; nil: all that was reserved.
    package var charge: Int64?
    /// Writes what belongs to the result, on the transaction that ends the job.
    package var commit: @Sendable (any RelationalConnection) throws -> Void
    /// Takes back what was kept outside of the database, when the result does not count after all.
    package var discard: @Sendable () async -> Void

    package init(result: some APIObject, provider: String, charge: Int64? = nil) {
        self.result = String(decoding: result.jsonBytes, as: UTF8.self)
        self.provider = provider
        self.charge = charge
        commit = { _ in }
        discard = {}
    }
}
