package import Core
import Synchronization

/// A simulated world in memory, for tests and for `audenci simulator`; with a ledger file it outlives its process.
///
/// Every visible post is one line of JSON in the file, on the disk before the platform's answer is given:
/// `{"platform","id","account","text","mediaCount","permalink","createdAt","key"}`; so counting lines counts posts. What
/// is not visible (containers, uploads, keys) goes to `<path>.state`, comments and mentions to `<path>.remarks`.
/// State survives the process, though not the machine.
package final class MemoryWorld: SimulatedWorld {
    /// So much invisible state is kept, per world; the oldest is forgotten first, as platforms forget containers.
    private static let maximumStates = 100_000
    private static let maximumFaults = 10_000

    private let clock: @Sendable () -> Instant
    private let memory: Mutex<Memory>
    let book: RemarkBook

    /// - Parameter ledgerPath: read if it is there, made if it is not; nil keeps everything in memory.
    /// - Throws: when the file cannot be opened or holds a line that is no post.
    package init(now: @escaping @Sendable () -> Instant = Ambient.live.now, ledgerPath: String? = nil) throws {
        clock = now
        memory = Mutex(try Memory(path: ledgerPath, now: now()))
        book = try RemarkBook(path: ledgerPath.map { $0 + ".remarks" })
        for remark in book.all { memory.withLock { $0.advance(past: remark.id.split(separator: "_").last) } }
    }

    /// A world in memory alone.
    package init(clock: @escaping @Sendable () -> Instant) {
        self.clock = clock
        memory = Mutex(Memory(now: clock()))
        book = RemarkBook()
    }

    package func now() -> Instant { clock() }

    /// Decimal digits, like the ids of the platforms; never twice, not even after a restart.
    package func newID() -> String {
        memory.withLock { memory in
            memory.lastID &+= 1
            return String(memory.lastID)
        }
    }

    package func show(_ post: VisiblePost, key: String?) async throws -> VisiblePost {
        try memory.withLock { try $0.show(post, key: key) }
    }

    package func visiblePosts(platform: Platform, account: String, limit: Int) async throws -> [VisiblePost] {
        memory.withLock { memory in
            (memory.timelines[.init(platform: platform, text: account)] ?? []).suffix(max(limit, 0)).reversed()
                .map { memory.posts[$0] }
        }
    }

    package func visiblePost(platform: Platform, id: String) async throws -> VisiblePost? {
        memory.withLock { memory in memory.byID[.init(platform: platform, text: id)].map { memory.posts[$0] } }
    }

    package func setState(platform: Platform, key: String, value: String) async throws {
        try memory.withLock { try $0.set(.init(platform: platform, text: key), value, limit: Self.maximumStates) }
    }

    package func state(platform: Platform, key: String) async throws -> String? {
        memory.withLock { $0.states[.init(platform: platform, text: key)] }
    }

    package func takeFault(platform: Platform, account: String, step: String) async throws -> SimulatedFault? {
        memory.withLock { memory in
            guard
                let index = memory.faults.firstIndex(where: {
                    $0.platform == platform && $0.step == step && ($0.account ?? account) == account
                })
            else { return nil }
            memory.faults[index].count -= 1
            let fault = memory.faults[index].fault
            if memory.faults[index].count <= 0 { memory.faults.remove(at: index) }
            return fault
        }
    }

    /// Lets the next `count` requests of that step meet `fault`: of one account, or of any. Faults wait in line.
    /// - Returns: false when ten thousand are waiting already.
    @discardableResult
    package func arm(
        _ fault: SimulatedFault, platform: Platform, account: String? = nil, step: String, count: Int = 1
    ) -> Bool {
        memory.withLock { memory in
            guard memory.faults.count < Self.maximumFaults, count > 0 else { return false }
            memory.faults.append(.init(platform: platform, account: account, step: step, fault: fault, count: count))
            return true
        }
    }

    /// Forgets the faults that still wait.
    package func disarm() { memory.withLock { $0.faults = [] } }

    /// Every visible post, oldest first.
    package var posts: [VisiblePost] { memory.withLock { $0.posts } }

    /// Takes every post away, from the file too. Containers and uploads stay.
    package func removePosts() throws { try memory.withLock { try $0.removePosts() } }
}

extension MemoryWorld {
    fileprivate struct Key: Hashable {
        var platform: Platform
        var text: String
    }

    fileprivate struct ArmedFault {
        var platform: Platform
        var account: String?
        var step: String
        var fault: SimulatedFault
        var count: Int
    }

    fileprivate struct Memory: ~Copyable {
        var posts: [VisiblePost] = []
        var byID: [Key: Int] = [:]
        /// By account; by idempotency key.
        var timelines: [Key: [Int]] = [:]
        var byIdempotencyKey: [Key: Int] = [:]
        var states: [Key: String] = [:]
        /// The order in which states came, for forgetting; a ring would do the same with more code.
        var stateOrder: [Key] = []
        var faults: [ArmedFault] = []
        var lastID: Int64
        var ledger: LedgerFile?
        var stateFile: LedgerFile?

        init(now: Instant) { lastID = now.milliseconds &* 1000 }

        init(path: String?, now: Instant) throws {
            self.init(now: now)
            guard let path else { return }
            let ledger = try LedgerFile(path: path)
            for line in try ledger.lines() {
                guard let json = try? JSONValue(parsing: line), let post = VisiblePost(ledger: json) else {
                    throw LedgerFile.Failure(what: "line \(posts.count + 1) of \(path) is no post", code: 0)
                }
                insert(post, key: json["key"]?.string)
            }
            let stateFile = try LedgerFile(path: path + ".state")
            let lines = try stateFile.lines()
            for line in lines {
                guard let json = try? JSONValue(parsing: line),
                    let platform = json["platform"]?.string.flatMap(Platform.init(rawValue:)),
                    let key = json["key"]?.string, let value = json["value"]?.string
                else { continue }
                try set(Key(platform: platform, text: key), value, limit: MemoryWorld.maximumStates)
            }
            // Old values of the same keys are dropped here, so that the file stays as small as what it holds.
            if lines.count > 1000, lines.count > states.count * 2 {
                try stateFile.removeAll()
                for key in stateOrder { try stateFile.append(Self.line(key, states[key] ?? ""), durably: false) }
            }
            self.ledger = consume ledger
            self.stateFile = consume stateFile
        }

        mutating func show(_ post: VisiblePost, key: String?) throws -> VisiblePost {
            if let key, let index = byIdempotencyKey[Self.idempotency(post, key)] { return posts[index] }
            var line = JSONWriter()
            post.write(to: &line, key: key)
            if ledger != nil { try ledger?.append(line.bytes, durably: true) }
            insert(post, key: key)
            return post
        }

        private static func idempotency(_ post: VisiblePost, _ key: String) -> Key {
            Key(platform: post.platform, text: "\(post.account) \(key)")
        }

        private mutating func insert(_ post: VisiblePost, key: String?) {
            let index = posts.count
            posts.append(post)
            byID[Key(platform: post.platform, text: post.id)] = index
            timelines[Key(platform: post.platform, text: post.account), default: []].append(index)
            if let key { byIdempotencyKey[Self.idempotency(post, key)] = index }
            advance(past: post.id.split(separator: "_").last)
        }

        mutating func set(_ key: Key, _ value: String, limit: Int) throws {
            if stateFile != nil { try stateFile?.append(Self.line(key, value), durably: false) }
            if states.updateValue(value, forKey: key) == nil { stateOrder.append(key) }
            // A tenth at a time, so that forgetting costs little per state.
            if stateOrder.count > limit {
                for old in stateOrder.prefix(limit / 10) { states[old] = nil }
                stateOrder.removeFirst(limit / 10)
            }
            advance(past: key.text.split(separator: ":").last)
        }

        private static func line(_ key: Key, _ value: String) -> [UInt8] {
            let line: JSONValue = [
                "platform": .string(key.platform.rawValue), "key": .string(key.text), "value": .string(value),
            ]
            return line.bytes
        }

        /// Ids that were given before a restart are not given again.
        mutating func advance(past id: Substring?) {
            guard let id, let number = Int64(id), number < 1_000_000_000_000_000_000 else { return }
            lastID = max(lastID, number)
        }

        mutating func removePosts() throws {
            if ledger != nil { try ledger?.removeAll() }
            posts = []
            byID = [:]
            timelines = [:]
            byIdempotencyKey = [:]
        }
    }
}
