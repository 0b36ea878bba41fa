import Core

/// What the public does with simulated posts and accounts: what somebody injected, or else a curve that grows the same way
/// for the same post each time.
///
/// Injected numbers are state of the world, see ``InjectedNumbers``.
struct SimulatedAudience {
    let platform: Platform
    let world: any SimulatedWorld

    func followers(of account: String) async throws -> Int64 {
        try await state(InjectedNumbers.followers(of: account))?.count ?? 0
    }

    func metrics(of post: VisiblePost) async throws -> Metrics {
        var metrics = Self.curve(of: post, at: world.now())
        for key in [InjectedNumbers.metrics(ofAccount: post.account), InjectedNumbers.metrics(ofPost: post.id)] {
            guard let injected = try await state(key) else { continue }
            for metric in Metric.allCases where injected[metric.rawValue] != nil {
                metrics[metric] = injected.count(metric.rawValue)
            }
        }
        return metrics
    }

    private func state(_ key: String) async throws -> JSONValue? {
        try await world.state(platform: platform, key: key).flatMap { try? JSONValue(parsing: $0) }
    }

    /// Half of all that will ever come has come after six hours. How much that is follows from the post's id.
    private static func curve(of post: VisiblePost, at now: Instant) -> Metrics {
        let seed = Signature.sha256(post.id.utf8).utf8.prefix(6).reduce(Int64(0)) { $0 &* 31 &+ Int64($1) }
        let audience = 200 + seed % 4_800
        let age = min(max((now - post.createdAt).inMilliseconds / 1000, 0), 31_536_000)
        let seen = audience * age / (age + 21_600)
        return Metrics([
            (.impressions, seen * 13 / 10), (.views, seen * 13 / 10), (.reach, seen), (.likes, seen * 5 / 100),
            (.comments, seen * 6 / 1000), (.shares, seen * 8 / 1000), (.saves, seen / 100), (.clicks, seen * 12 / 1000),
        ])
    }
}
