import Core
import Scheduling
import Synchronization

/// Work that is due when the test says so, and goes on until the test ends it or the loop does. It tells everything that
/// happens, so that nobody has to guess how long something takes.
final class ScriptedWork<Stopping: StopRule>: DueWork {
    enum Happening: Hashable, Sendable {
        /// It was asked for so many pieces, and gave so many.
        case claimed(limit: Int, pieces: Int)
        case claimFailed
        case began(Int)
        case ended(Int, wasCancelled: Bool)
        /// It was asked when something is due next: the loop is about to pause.
        case isPausing
    }
    struct Unclaimable: Error {}

    private struct State {
        var due: [Int] = []
        var failures = 0
        var nextDue: [Instant?] = []
        var underWay = 0
        var mostUnderWay = 0
    }

    static var name: String { "scripted pieces" }
    static var outlivesStop: Bool { Stopping.outlivesStop }
    let parallelism: Int
    let ambient: Ambient
    let clock: FixedClock
    let wake = WakeSignal()
    let happenings: AsyncStream<Happening>
    private let told: AsyncStream<Happening>.Continuation
    private let ends: [WakeSignal]
    private let state: Mutex<State>

    /// - Parameters:
    ///   - failures: how many claims fail before one works.
    ///   - nextDue: what it answers, one after the other; then nil.
    init(due: Int = 0, parallelism: Int = 4, failures: Int = 0, nextDue: [Duration] = []) {
        let (ambient, clock) = Ambient.fixed()
        (self.ambient, self.clock) = (ambient, clock)
        self.parallelism = parallelism
        (happenings, told) = AsyncStream.makeStream()
        ends = (0..<10).map { _ in WakeSignal() }
        state = Mutex(State(due: Array(0..<due), failures: failures, nextDue: nextDue.map { clock.now + $0 }))
    }

    var mostUnderWay: Int { state.withLock { $0.mostUnderWay } }

    /// Makes a piece due without a word.
    func add(_ piece: Int) { state.withLock { $0.due.append(piece) } }

    func end(_ pieces: Int...) { for piece in pieces { ends[piece].signal() } }

    func claim(limit: Int) async throws -> [Int] {
        let claimed = state.withLock { state -> [Int]? in
            if state.failures > 0 { state.failures -= 1; return nil }
            defer { state.due.removeFirst(min(limit, state.due.count)) }
            return Array(state.due.prefix(limit))
        }
        guard let claimed else { told.yield(.claimFailed); throw Unclaimable() }
        told.yield(.claimed(limit: limit, pieces: claimed.count))
        return claimed
    }

    func perform(_ piece: Int) async {
        state.withLock { state in
            state.underWay += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay)
        }
        told.yield(.began(piece))
        await ends[piece].wait(atMost: .seconds(60))
        state.withLock { $0.underWay -= 1 }
        told.yield(.ended(piece, wasCancelled: Task.isCancelled))
    }

    func nextDue() async throws -> Instant? {
        let next = state.withLock { $0.nextDue.isEmpty ? nil : $0.nextDue.removeFirst() }
        told.yield(.isPausing)
        return next
    }
}

/// What becomes of a piece that is under way when the loop stops.
protocol StopRule: Sendable { static var outlivesStop: Bool { get } }
enum Finished: StopRule { static let outlivesStop = true }
enum Cancelled: StopRule { static let outlivesStop = false }

/// Reads what happens, in order.
struct Happenings<Stopping: StopRule> {
    private var iterator: AsyncStream<ScriptedWork<Stopping>.Happening>.Iterator
    private(set) var seen: [ScriptedWork<Stopping>.Happening] = []

    init(_ work: ScriptedWork<Stopping>) { iterator = work.happenings.makeAsyncIterator() }

    /// Waits until it happened, unless it has already.
    mutating func reach(_ wanted: ScriptedWork<Stopping>.Happening) async {
        while !seen.contains(wanted), let next = await iterator.next() { seen.append(next) }
    }
}
