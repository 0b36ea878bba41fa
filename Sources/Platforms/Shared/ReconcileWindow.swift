import Core

/// The time in which a publication can have become visible.
struct ReconcileWindow {
    /// How many pages of a list are read before we admit not to know: at 20 and more posts a page this is a thousand posts
    /// on one account between a lost answer and the look for it, which the kill test reaches.
    static let maximumPages = 50

    /// A minute before the first try, because the platform's clock is not ours.
    let start: Instant

    init(_ request: PublishRequest, now: Instant) {
        start = request.armedAt.map { $0 - .seconds(60) } ?? now - .seconds(86_400)
    }

    func contains(_ instant: Instant) -> Bool { instant >= start }
}
