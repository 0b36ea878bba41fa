public import Foundation

/// Time and chance, as the client gets them. Tests give their own, so that nothing sleeps and everything repeats.
public struct Surroundings: Sendable {
    /// The present moment.
    public var now: @Sendable () -> Date
    /// Waits; throws `CancellationError` when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// From 0 to 1, evenly distributed.
    public var jitter: @Sendable () -> Double
    /// A text that no other request ever carried.
    public var idempotencyKey: @Sendable () -> String

    public init(
        now: @escaping @Sendable () -> Date = { Date() },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        idempotencyKey: @escaping @Sendable () -> String = { UUID().uuidString.lowercased() }
    ) {
        self.now = now
        self.sleep = sleep
        self.jitter = jitter
        self.idempotencyKey = idempotencyKey
    }

    /// The machine's clock and its source of random numbers.
    public static let live = Surroundings()
}
