/// What is counted of a post: one set of names for all platforms. Raw values are the API's.
package enum Metric: String, CaseIterable, Sendable {
    /// Times shown, to anybody.
    case impressions
    /// Times looked at, as the platform itself defines it.
    case views
    /// Different people who saw it.
    case reach
    /// Likes, favourites, reactions of every kind.
    case likes
    /// Comments and replies.
    case comments
    /// Shares, reposts and quotes.
    case shares
    /// Saves and bookmarks.
    case saves
    case clicks
    case videoViews
    case watchTimeMs
    /// People who followed the account from the post.
    case follows

    /// What people did with a post, for ``Metrics/interactions``: clicks are not among them, as few platforms tell them.
    package static let interactive: [Metric] = [.likes, .comments, .shares, .saves]
}

/// Values of metrics. Nil is "the platform does not say", which is not 0.
package struct Metrics: Hashable, Sendable {
    private var values: [Int64?]

    package init() { values = Array(repeating: nil, count: Metric.allCases.count) }

    package init(_ pairs: [(Metric, Int64?)]) {
        self.init()
        for (metric, value) in pairs { self[metric] = value }
    }

    package subscript(_ metric: Metric) -> Int64? {
        get { values[metric.place] }
        set { values[metric.place] = newValue }
    }

    /// True when nothing is known.
    package var isEmpty: Bool { values.allSatisfy { $0 == nil } }

    /// The metrics that are known, in the order of ``Metric``.
    package var known: [(metric: Metric, value: Int64)] {
        Metric.allCases.compactMap { metric in self[metric].map { (metric, $0) } }
    }

    /// Likes, comments, shares and saves together, of those that are known; nil when none is.
    package var interactions: Int64? {
        let known = Metric.interactive.compactMap { self[$0] }
        return known.isEmpty ? nil : known.reduce(0, &+)
    }

    /// What came since `earlier`, metric by metric: negative when a platform took something back. A metric that was not
    /// known before counts from 0, for a post begins with nothing; one that is not known now has no gain.
    package func gained(since earlier: Metrics) -> Metrics {
        combined(with: earlier) { now, before in now.map { $0 &- (before ?? 0) } }
    }

    /// These values, and those of `earlier` where nothing is known now.
    package func filled(from earlier: Metrics) -> Metrics {
        combined(with: earlier) { now, before in now ?? before }
    }

    /// The known metrics whose value is another than in `earlier`, or was not known there.
    package func changed(since earlier: Metrics) -> [Metric] {
        Metric.allCases.filter { self[$0] != nil && self[$0] != earlier[$0] }
    }

    /// The sum of both; a metric that only one of them knows is that one's.
    package func adding(_ other: Metrics) -> Metrics {
        combined(with: other) { a, b in
            guard let a, let b else { return a ?? b }
            return a &+ b
        }
    }

    private func combined(with other: Metrics, _ combine: (Int64?, Int64?) -> Int64?) -> Metrics {
        var result = self
        for place in result.values.indices { result.values[place] = combine(values[place], other.values[place]) }
        return result
    }
}

extension Metric {
    fileprivate var place: Int {
        switch self {
        case .impressions: 0
        case .views: 1
        case .reach: 2
        case .likes: 3
        case .comments: 4
        case .shares: 5
        case .saves: 6
        case .clicks: 7
        case .videoViews: 8
        case .watchTimeMs: 9
        case .follows: 10
        }
    }
}

/// An account's own numbers. Nil is "the platform does not say".
package struct AccountCounts: Hashable, Sendable {
    package var followers: Int64?
    package var following: Int64?
    package var posts: Int64?

    package init(followers: Int64? = nil, following: Int64? = nil, posts: Int64? = nil) {
        self.followers = followers
        self.following = following
        self.posts = posts
    }
}
