import Core
import Features
import Publishing

/// One lane's work of the inbox.
struct InboxLaneWork: DueWork {
    static let name = "the inbox's work"
    static let outlivesStop = true
    let lane: InboxLane
    let worker: InboxWorker
    let parallelism: Int

    var ambient: Ambient { worker.inbox.ambient }
    var wake: WakeSignal { worker.inbox.wakes[lane] }

    func claim(limit: Int) async throws -> [InboxWorker.Job] { try await worker.claim(lane, limit: limit) }

    func perform(_ job: InboxWorker.Job) async { await worker.run(job) }

    func nextDue() async throws -> Instant? { try await worker.next(lane) }
}
