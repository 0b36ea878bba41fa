package import Core

/// The inbox's work by who could hold it up: a slow platform delays its own accounts only, and nobody's replies.
package enum InboxLane: String, Sendable, CaseIterable {
    case sandbox, mastodon, instagram, facebook, other, replies, notices

    /// The lane in which an account is looked at.
    package init(of account: SocialAccount) {
        guard !account.isSandbox else { self = .sandbox; return }
        switch account.platform {
        case .mastodon: self = .mastodon
        case .instagram: self = .instagram
        case .facebook: self = .facebook
        default: self = .other
        }
    }
}

/// Ends the lanes' pauses early.
package struct InboxWakes: Sendable {
    private let signals: [InboxLane: WakeSignal]

    package init() {
        signals = Dictionary(uniqueKeysWithValues: InboxLane.allCases.map { ($0, WakeSignal()) })
    }

    package func signal(_ lane: InboxLane) { signals[lane]?.signal() }

    /// The lane's signal, which its worker waits for.
    package subscript(_ lane: InboxLane) -> WakeSignal { signals[lane] ?? WakeSignal() }
}

/// How often the platforms are asked: pure, so that every path to a request can be read in one place.
package enum InboxPlan {
    /// Between two looks at an account's mentions.
    package static let accountPause = Duration.seconds(120)
    /// No account is looked at more often than this, whatever is due.
    package static let leastPause = Duration.seconds(60)
    /// How many posts one look goes through, and how many requests it may make: 40 a minute at most, where Mastodon
    /// allows 300 in five.
    package static let postsPerLook = 20
    package static let requestsPerLook = 40

    /// Until a post is looked at again; nil: comments on a post of this age come by webhook or notification only.
    package static func pause(postAge age: Duration) -> Duration? {
        switch age {
        case ..<Duration.seconds(3600): .seconds(60)
        case ..<Duration.seconds(86_400): .seconds(300)
        case ..<Duration.seconds(7 * 86_400): .seconds(3600)
        case ..<Duration.seconds(30 * 86_400): .seconds(43_200)
        default: nil
        }
    }

    /// What a platform does not show, one post's comments or the mentions, is asked for again after this long: a permission
    /// may have been given meanwhile.
    package static let refusedPause = Duration.seconds(3600)

    /// When an account is looked at again: for its mentions, or earlier for a post. A sandbox account only while a look
    /// left something over: whoever writes there makes it due.
    /// - Parameter mentionsAt: when mentions that were refused are asked for again.
    package static func next(
        after now: Instant, nextPost: Instant?, isSandbox: Bool, mentionsAt: Instant? = nil
    ) -> Instant? {
        guard !isSandbox else { return [nextPost, mentionsAt].compactMap(\.self).min().map { max($0, now) } }
        let mentions = mentionsAt ?? now + accountPause
        return max(min(mentions, nextPost ?? mentions), now + leastPause)
    }

    /// After that many failed looks in a row: 2, 4, 8, ... minutes, a day at most.
    package static func pause(afterFailures failures: Int) -> Duration {
        .seconds(min(60 << min(max(failures, 1), 11), 86_400))
    }

    /// From when a look at a post's comments reads: a little before the look before it. The first look, and the first after
    /// every six hours of the post's age, reads from the post's beginning: an answer inside an old comment moves that to no
    /// other place in a list, and what was held back for review appears with its old time.
    package static func since(_ watch: InboxWatch, now: Instant) -> Instant {
        let beginning = watch.publishedAt - .seconds(60)
        guard let seen = watch.seenUntil else { return beginning }
        let span: Int64 = 6 * 3_600_000
        func turn(_ moment: Instant) -> Int64 { (moment.milliseconds - watch.publishedAt.milliseconds) / span }
        return turn(seen) == turn(now) ? max(seen - overlap, beginning) : beginning
    }

    /// How far a look reaches back behind the one before it, for comments that lists show late.
    package static let overlap = Duration.seconds(600)
}
