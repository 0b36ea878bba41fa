package import Core

/// The signing keys of a webhook: usually one, more while a rotation is under way. What is in force is a function of the
/// time alone, so a rotation finishes by itself, on every node, at the same moment.
package struct SecretRing: Sendable {
    /// One key and when it signs.
    package struct Key: Sendable {
        package var secret: Secret
        /// From then on it makes `X-Audenci-Signature`; until then it is the next one.
        package var from: Instant
        /// From then on it signs nothing; nil: it stays.
        package var until: Instant?
    }

    /// Oldest first; never empty in a webhook that was stored.
    package var keys: [Key]

    package init(keys: [Key]) { self.keys = keys }

    /// At most this many keys sign at the same time.
    package static let maximumLive = 5

    /// Keys whose signatures are sent at `now`, the one in force first.
    package func live(at now: Instant) -> [Key] {
        let live = keys.filter { $0.until.map { $0 > now } ?? true }
        guard let current = current(at: now), live.count > 1 else { return live }
        return [current] + live.filter { $0.secret.reveal() != current.secret.reveal() }
    }

    /// The key of `X-Audenci-Signature`: the newest that is in force.
    package func current(at now: Instant) -> Key? { keys.last { $0.from <= now } ?? keys.first }

    /// The key that comes into force next: it makes `X-Audenci-Signature-Next`.
    package func next(at now: Instant) -> Key? { keys.last { $0.from > now } }

    /// Adds a key. With an overlap the present ones sign until its end, and then the new one takes over; without one they
    /// are dropped at once.
    /// - Returns: false when ``maximumLive`` keys sign already.
    package mutating func rotate(to secret: Secret, overlap: Duration, now: Instant) -> Bool {
        prune(now)
        guard overlap > .zero else {
            keys = [Key(secret: secret, from: now, until: nil)]
            return true
        }
        guard keys.count < Self.maximumLive else { return false }
        let end = now + overlap
        keys = keys.map { key in
            var key = key
            key.until = min(key.until ?? end, end)
            return key
        }
        keys.append(Key(secret: secret, from: end, until: nil))
        return true
    }

    /// Lets the next key make `X-Audenci-Signature` from now on; the others go on signing until their time.
    /// - Returns: false when there is none.
    package mutating func promote(now: Instant) -> Bool {
        prune(now)
        guard let index = keys.lastIndex(where: { $0.from > now }) else { return false }
        keys[index].from = now
        return true
    }

    private mutating func prune(_ now: Instant) { keys.removeAll { $0.until.map { $0 <= now } ?? false } }
}
