package import Contract
import Core

/// Interactions for each person or look, and what of these it was divided by. Never an average of rates: numerators and
/// denominators are summed first.
package struct EngagementRate: Sendable, Hashable {
    package enum Base: String, Sendable, CaseIterable, APIEnum {
        case reach, impressions, views, followers
    }
    package var value: Double
    package var base: Base

    /// What of one account, or of one post on it, goes into a rate.
    struct Part: Sendable {
        var metrics: Metrics
        var followers: Int64?

        func denominator(_ base: Base) -> Int64? {
            switch base {
            case .reach: metrics[.reach]
            case .impressions: metrics[.impressions]
            case .views: metrics[.views]
            case .followers: followers
            }
        }
    }

    /// The rate over the parts that know both sides, with the base that most parts know; the earlier one of ``Base`` when
    /// two are known equally often. Followers are only taken when nothing else is known. Nil when nothing can be divided.
    init?(_ parts: [Part]) {
        let counting = parts.filter { $0.metrics.interactions != nil }
        func known(_ base: Base) -> [Part] { counting.filter { ($0.denominator(base) ?? 0) > 0 } }
        var best: (base: Base, parts: [Part])?
        for base in [Base.reach, .impressions, .views] {
            let parts = known(base)
            if parts.count > (best?.parts.count ?? 0) { best = (base, parts) }
        }
        let chosen = best ?? (.followers, known(.followers))
        let numerator = chosen.parts.reduce(Int64(0)) { $0 &+ ($1.metrics.interactions ?? 0) }
        let denominator = chosen.parts.reduce(Int64(0)) { $0 &+ ($1.denominator(chosen.base) ?? 0) }
        guard denominator > 0 else { return nil }
        value = Double(numerator) / Double(denominator)
        base = chosen.base
    }
}

extension EngagementRate: APIObject {
    package static let name = "EngagementRate"
    package static let properties: [Property<Self>] = [
        Property("value", "Likes, comments, shares and saves, divided by the base.") { $0.value },
        Property("base", "What they were divided by.") { $0.base },
    ]
    package static let example = EngagementRate(unchecked: 0.08, .reach)

    private init(unchecked value: Double, _ base: Base) {
        self.value = value
        self.base = base
    }
}
