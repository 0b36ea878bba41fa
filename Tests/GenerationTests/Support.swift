import Core
import Generation
import Outbound
import TestSupport
import Testing

/// A brand with three pillars, two categories and a few words that it does not want to read.
func makeRequest(
    from: String = "2026-03-02", to: String = "2026-03-29", zone: String = "Europe/Berlin", posts: Int = 20,
    platforms: [Platform] = [.instagram, .mastodon], seed: UInt64 = 1
) throws -> PlanRequest {
    var request = PlanRequest(
        brand: BrandVoice(
            name: "Linden Bakery", description: "Bread from the quarter.", tone: "friendly",
            bannedWords: ["cheap", "guarantee", "art"], hashtagSets: [["#bread", "linden"], ["#bakery", "cheapbread"]]),
        from: try #require(CalendarDay(from)), to: try #require(CalendarDay(to)), timeZone: zone, totalPosts: posts,
        platforms: platforms)
    request.pillars = [
        .init(id: "p-a", name: "Craft", targetPercentage: 50), .init(id: "p-b", name: "Neighbourhood", targetPercentage: 30),
        .init(id: "p-c", name: "Recipes", targetPercentage: 20),
    ]
    request.categories = [.init(id: "c-a", name: "News"), .init(id: "c-b", name: "Stories")]
    request.seed = seed
    return request
}

/// Draws what a property test tries.
struct Draw {
    private var generator: SplitMix64
    init(seed: UInt64) { generator = SplitMix64(state: seed) }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    mutating func some<Element>(_ elements: [Element], _ counts: ClosedRange<Int>) -> [Element] {
        Array(elements.shuffled(using: &generator).prefix(number(counts)))
    }

    /// Any request that can be met.
    mutating func request() throws -> PlanRequest {
        let zones = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "UTC", "America/St_Johns"]
        let from = CalendarDay(ordinal: 20_400 + Int64(number(0...730)))
        var request = try makeRequest(
            zone: zones[number(0...5)], posts: number(1...150), platforms: some(Platform.allCases, 1...5),
            seed: UInt64(number(0...1_000_000)))
        request.from = from
        request.to = CalendarDay(ordinal: from.ordinal + Int64(number(6...91)))
        request.pillars = (0..<number(0...6)).map {
            .init(
                id: "p\($0)", name: "Pillar \("ABCDEFG".dropFirst($0).first ?? "Z")", targetPercentage: Double(number(0...60)))
        }
        request.goals = some(["More comments", "Reach", "Newsletter sign-ups", "Grow followers"], 0...2)
        request.brand.bannedWords = some(["look", "story", "brand", "cheap", "day", "what", "message", "art", "tell"], 0...5)
        var left = request.totalPosts
        for type in some(ContentType.allCases, 0...3) {
            request.typeCounts[type] = number(0...left)
            left -= request.typeCounts[type] ?? 0
        }
        if number(0...1) == 1 {
            for platform in request.platforms { request.platformCounts[platform] = number(0...request.totalPosts) }
            if let first = request.platforms.first { request.platformCounts[first] = request.totalPosts }
        }
        if number(0...1) == 1 {
            request.bestTimes = BestTimes(
                (0..<number(1...12)).map { _ in
                    .init(weekday: number(1...7), hour: number(6...22), weight: Double(number(1...9)))
                })
        }
        return request
    }
}

/// The issue that a generation must end with.
func issue<Result>(_ body: () async throws(GenerationIssue) -> Result) async -> GenerationIssue? {
    do throws(GenerationIssue) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

/// A client that may reach one server on this machine.
func makeClient(_ receiver: TestReceiver) throws -> GuardedClient {
    var limits = OutboundLimits()
    limits.connect = .seconds(30)
    limits.tls = .seconds(30)
    return try GuardedClient(
        policy: AddressPolicy(allow: try OutboundAllowList(receiver.authority)), trust: receiver.caFile, trustsSystem: false,
        limits: limits)
}
