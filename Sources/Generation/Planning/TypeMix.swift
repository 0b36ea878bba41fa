import Core

/// What goes where: platforms and kinds for each post, with the counts that were asked for met exactly.
struct TypeMix {
    private let request: PlanRequest
    private let total: Int

    init(_ request: PlanRequest) {
        self.request = request
        total = max(request.totalPosts, 0)
    }

    /// Kind and platforms of every post.
    func assignments() -> [(type: ContentType, platforms: [Platform])] {
        let platforms = self.platforms()
        let types = self.types(on: platforms)
        return zip(types, platforms).map { type, platforms in
            guard request.platformCounts.isEmpty else { return (type, platforms) }
            let fitting = platforms.filter { type.fits($0) }
            return (type, fitting.isEmpty ? platforms : fitting)
        }
    }

    /// Without counts all platforms; with counts each platform on exactly that many posts, every post on at least one.
    private func platforms() -> [[Platform]] {
        guard !request.platformCounts.isEmpty, total > 0 else { return Array(repeating: request.platforms, count: total) }
        var result = [[Platform]](repeating: [], count: total)
        let order = Apportionment.spread(total)
        // Round and round through the posts: the first round alone reaches every post, and no platform comes twice to one,
        // since no count is larger than a round.
        var cursor = 0
        for platform in request.platforms {
            for _ in 0..<(request.platformCounts[platform] ?? 0) {
                let index = order[cursor % total]
                result[index].append(platform)
                cursor += 1
            }
        }
        return result
    }

    private func types(on platforms: [[Platform]]) -> [ContentType] {
        var types = [ContentType?](repeating: nil, count: total)
        // The kinds that fit the fewest platforms choose first.
        let named = ContentType.allCases.filter { request.typeCounts[$0] != nil }
            .sorted { a, b in request.platforms.count(where: a.fits) < request.platforms.count(where: b.fits) }
        for type in named {
            let wanted = request.typeCounts[type] ?? 0
            let free = Apportionment.spread(total).filter { types[$0] == nil }
            let full = free.filter { platforms[$0].allSatisfy(type.fits) }
            let partly = free.filter { !platforms[$0].allSatisfy(type.fits) && platforms[$0].contains(where: type.fits) }
            let rest = free.filter { !platforms[$0].contains(where: type.fits) }
            for index in (full + partly + rest).prefix(wanted) { types[index] = type }
        }
        var used: [ContentType: Int] = [:]
        return zip(types, platforms).enumerated().map { step, pair in
            if let type = pair.0 { return type }
            let type = choice(for: pair.1, step: step, used: used)
            used[type, default: 0] += 1
            return type
        }
    }

    /// What posts are when nobody says: mostly pictures, some moving ones, a little text.
    private static let usual: [(type: ContentType, weight: Double)] = [
        (.image, 0.4), (.carousel, 0.2), (.video, 0.2), (.text, 0.1), (.reel, 0.1), (.short, 0.1),
    ]

    private func choice(for platforms: [Platform], step: Int, used: [ContentType: Int]) -> ContentType {
        let open = Self.usual.filter { request.typeCounts[$0.type] == nil }
        let fitting = open.filter { platforms.allSatisfy($0.type.fits) }
        let partly = open.filter { platforms.contains(where: $0.type.fits) }
        let others = ContentType.allCases.filter { request.typeCounts[$0] == nil }.map { (type: $0, weight: 1.0) }
        let candidates = [fitting, partly, open, others].first { !$0.isEmpty } ?? []
        let best = candidates.max { a, b in
            let lag = { (entry: (type: ContentType, weight: Double)) in
                entry.weight * Double(step + 1) - Double(used[entry.type] ?? 0)
            }
            return lag(a) < lag(b)
        }
        return best?.type ?? .text
    }
}
