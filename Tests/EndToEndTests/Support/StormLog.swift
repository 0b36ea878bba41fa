import Synchronization

/// What the load generator knows: what was asked, what was answered, what was never answered.
final class StormLog: Sendable {
    enum Wish: Hashable, Sendable {
        /// Created as SCHEDULED and left alone.
        case scheduled
        /// Created as DRAFT, then `POST .../publish`.
        case draft
        /// Created as SCHEDULED, then its caption changed.
        case changed
        /// Created as SCHEDULED, then deleted.
        case deleted
    }

    struct Entry: Sendable {
        let caption: String
        let wish: Wish
        /// Known once the creation was answered 201.
        var id: String?
        /// The caption that an acknowledged change left; nil: no change was acknowledged.
        var changedTo: String?
        /// A request after the creation got no answer: either of its two outcomes is right.
        var isOpen = false
        var isDeleted = false
        /// Acknowledged so far that it must be published.
        var isDue = false
    }

    private let state = Mutex<(todo: [(Int, Wish)], done: [Entry], refused: [String])>(([], [], []))

    init(_ wishes: [Wish]) { state.withLock { $0.todo = Array(wishes.enumerated()) } }

    func next() -> (number: Int, wish: Wish)? {
        state.withLock { state in state.todo.popLast().map { (number: $0.0, wish: $0.1) } }
    }
    func add(_ entry: Entry) { state.withLock { $0.done.append(entry) } }
    /// An answer that nobody expected; the test fails with it.
    func complain(_ text: String) { state.withLock { $0.refused.append(text) } }

    var entries: [Entry] { state.withLock { $0.done } }
    var complaints: [String] { state.withLock { $0.refused } }
    var isEmpty: Bool { state.withLock { $0.todo.isEmpty } }
}
