import Contract
import Core
package import Features
package import Logging
import Relational
import ServiceLifecycle

/// Works on jobs, a few at once. Each is held by a lease that is renewed while the work goes on; a cancelled job ends its
/// work, and with it the request to the provider, within a second. What is under way when the server stops goes back into
/// the queue.
package struct JobRunner: Service {
    package struct Limits: Sendable {
        /// Jobs that are worked on at once.
        package var parallelism = 4
        package var lease = Duration.seconds(60)
        /// For one attempt, whatever it waits for: the provider's own 180 s, and the work on four pictures.
        package var deadline = Duration.seconds(300)
        /// The longest wait for a provider's limit that a job sits out by itself.
        package var patience = Duration.seconds(60)

        package init() {}
    }

    private let jobs: JobStore
    private let works: [any JobWork]
    private let limits: Limits
    private let logger: Logger

    package init(jobs: JobStore, works: [any JobWork], limits: Limits = Limits(), logger: Logger) {
        self.jobs = jobs
        self.works = works
        self.limits = limits
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for _ in 0..<limits.parallelism { group.addTask { await lane() } }
                group.addTask { await clean() }
            }
        }
    }

    private func lane() async {
        while !Task.isCancelled {
            if let job = await next() { await work(on: job) }
        }
    }

    /// A job to work on; nil after a pause when there was none.
    private func next() async -> Job? {
        var pause = Duration.seconds(1)
        do {
            if let wake = try await jobs.nextWake() {
                let now = jobs.ambient.now()
                if wake <= now, let job = try await jobs.claim(lease: limits.lease) { return job }
                // Due, but another took it just now: look again soon.
                pause = min(pause, max(wake - now, .milliseconds(20)))
            }
        } catch {
            logger.error("jobs could not be claimed; trying again", metadata: ["error": "\(error)"])
        }
        await jobs.changes.wait(atMost: pause)
        return nil
    }

    // MARK: One job

    private enum Ending: Sendable {
        case done(JobOutcome)
        case failed(JobFailure)
        /// The job is not this worker's any more.
        case lost
        /// The server stops.
        case stopped
    }

    private func work(on job: Job) async {
        let ending = await withTaskGroup(of: Ending.self) { group in
            group.addTask { await perform(job) }
            group.addTask { await watch(job) }
            let first = await group.next() ?? .stopped
            group.cancelAll()
            for await other in group { if case .done(let outcome) = other { await outcome.discard() } }
            return first
        }
        let isStopping = Task.isCancelled
        // Recorded even when the server stops: it is the last that is done for the job here.
        await Task { await record(ending, of: job, isStopping: isStopping) }.value
    }

    private func perform(_ job: Job) async -> Ending {
        guard let work = works.first(where: { $0.kind == job.kind }) else {
            return .failed(JobFailure("unknown_kind", "This server does not know how to do this. Ask for it again."))
        }
        do {
            return .done(try await work.perform(job) { try await jobs.report(job, progress: $0, step: $1) })
        } catch {
            return ending(after: error, of: job)
        }
    }

    private func ending(after error: any Error, of job: Job) -> Ending {
        switch error {
        case let failure as JobFailure: return .failed(failure)
        case let error as APIError:
            let isPassing = error.code == .unavailable
            return .failed(JobFailure(error.code.rawValue, error.message, retryAfter: isPassing ? .seconds(5) : nil))
        case is JobStore.LostClaim: return .lost
        case is CancellationError: return .stopped
        default:
            logger.error("a job failed", metadata: ["job": "\(job.id)", "error": "\(error)"])
            return .failed(
                JobFailure(
                    "internal_error", "Something failed inside the server; it is logged under the job's id.",
                    retryAfter: .seconds(5)))
        }
    }

    /// Renews the lease until the work is done; returns early when the job is cancelled or takes too long.
    private func watch(_ job: Job) async -> Ending {
        let clock = ContinuousClock()
        let end = clock.now + limits.deadline
        var renewed = clock.now
        while !Task.isCancelled {
            await jobs.changes.wait(atMost: .seconds(1))
            if Task.isCancelled { break }
            if clock.now >= end {
                let seconds = limits.deadline.inMilliseconds / 1000
                return .failed(JobFailure("timeout", "It took longer than \(seconds) s and was stopped. Ask for less at once."))
            }
            do {
                guard try await jobs.isHeld(job) else { return .lost }
                if clock.now - renewed >= limits.lease / 3 {
                    try await jobs.renew(job, lease: limits.lease)
                    renewed = clock.now
                }
            } catch is JobStore.LostClaim {
                return .lost
            } catch {
                // The work may still end well; if it does not, the lease runs out.
                logger.warning("a job's lease could not be renewed", metadata: ["job": "\(job.id)", "error": "\(error)"])
            }
        }
        return .stopped
    }

    private func record(_ ending: Ending, of job: Job, isStopping: Bool) async {
        do {
            switch ending {
            case .lost: break
            case .done(let outcome): try await complete(job, with: outcome)
            case .stopped: try await jobs.putBack(job, after: .zero, step: "It was stopped", counts: !isStopping)
            case .failed(let failure):
                if isStopping {
                    try await jobs.putBack(job, after: .zero, step: "The server was stopped", counts: false)
                } else if let wait = failure.retryAfter, wait <= limits.patience, job.attempts < JobStore.mostAttempts {
                    try await jobs.putBack(job, after: wait, step: "Trying again: \(failure.message)", counts: true)
                } else {
                    try await jobs.fail(job, failure)
                }
            }
        } catch is JobStore.LostClaim {
            // Cancelled in the last moment: it stays so.
        } catch {
            logger.error(
                "a job's end could not be recorded; it is begun again when its lease has run out",
                metadata: ["job": "\(job.id)", "error": "\(error)"])
        }
    }

    private func complete(_ job: Job, with outcome: JobOutcome) async throws {
        do {
            try await jobs.succeed(
                job, result: outcome.result, provider: outcome.provider, charge: outcome.charge, alongside: outcome.commit)
        } catch {
            await outcome.discard()
            guard let refusal = error as? APIError else { throw error }
            try await jobs.fail(job, JobFailure(refusal.code.rawValue, refusal.message))
        }
    }

    private func clean() async {
        while !Task.isCancelled {
            do {
                try await jobs.prune()
            } catch {
                logger.error("old jobs could not be forgotten", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(3600))
        }
    }
}
