import Dispatch
import Synchronization

/// A few threads for calls that block: on Swift's own pool, which has one thread a core, an fsync would hold up every task.
final class FileLanes: Sendable {
    private let lanes: [DispatchQueue]
    private let turn = Atomic(0)

    init(_ count: Int = 4) {
        lanes = (0..<max(count, 1)).map { DispatchQueue(label: "audenci.storage.\($0)") }
    }

    /// Runs `job` on the next lane and waits for it. Keep it short: long transfers come back for every part.
    func run<Value: Sendable>(
        _ job: @escaping @Sendable () throws(StorageIssue) -> Value
    ) async throws(StorageIssue) -> Value {
        let index = Int(bitPattern: UInt(bitPattern: turn.wrappingAdd(1, ordering: .relaxed).oldValue) % UInt(lanes.count))
        let lane = lanes[index]
        let result: Result<Value, StorageIssue> = await withCheckedContinuation { continuation in
            lane.async {
                do throws(StorageIssue) {
                    continuation.resume(returning: .success(try job()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
