package import Core

/// Work that falls due piece by piece: at a time of its own, or at once because something happened. ``ClaimLoop`` does it.
package protocol DueWork: Sendable {
    associatedtype Piece: Sendable

    /// For logs, in the plural: `due posts`.
    static var name: String { get }
    /// True: what is under way is finished even when the service stops, because a cancelled request would leave its outcome
    /// unknown. False: it is cancelled, and done again when its lease has run out.
    static var outlivesStop: Bool { get }
    /// How many pieces are worked on at once.
    var parallelism: Int { get }
    /// The clock of ``nextDue()``.
    var ambient: Ambient { get }
    /// Says that something is due now.
    var wake: WakeSignal { get }

    /// Takes up to `limit` pieces that are due, in a way that nobody else takes them too.
    func claim(limit: Int) async throws -> [Piece]
    /// Does a piece. What fails is the work's own to log and to do again: the loop has no other use for it.
    func perform(_ piece: Piece) async
    /// When a piece is due next, now or later; nil: not by itself.
    func nextDue() async throws -> Instant?
}
