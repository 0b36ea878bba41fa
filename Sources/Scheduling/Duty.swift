package import Core

/// Something that is done again and again: when there is something to do, and at the latest after a while.
package protocol Duty: Sendable {
    /// For logs and metrics: `due-posts`.
    static var name: String { get }
    /// Does what is due now. Returns when it wants to be asked again, or nil for the duty's usual pause.
    func run() async throws -> Instant?
    /// The longest pause between two rounds.
    var pause: Duration { get }
    /// Ends a pause early.
    var wake: WakeSignal? { get }
}
