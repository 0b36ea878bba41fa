/// When posts do well: a weight for every hour of the week, in the brand's time zone.
package struct BestTimes: Hashable, Sendable {
    /// One hour of the week.
    package struct Weight: Hashable, Sendable {
        /// 1 for Monday to 7 for Sunday.
        package var weekday: Int
        package var hour: Int
        package var weight: Double
        package init(weekday: Int, hour: Int, weight: Double) {
            self.weekday = weekday
            self.hour = hour
            self.weight = weight
        }
    }

    /// Whether these come from the brand's own figures.
    package let isMeasured: Bool
    private var weights = [Double](repeating: 0, count: 7 * 24)

    /// - Parameter weights: from the brand's figures. Hours outside the week and weights that are not positive are ignored;
    ///   when nothing is left these are the ``common`` times.
    package init(_ weights: [Weight]) {
        self.init(weights, isMeasured: true)
        if self.weights.allSatisfy({ $0 == 0 }) { self = .common }
    }

    private init(_ weights: [Weight], isMeasured: Bool) {
        self.isMeasured = isMeasured
        for weight in weights where weight.weight.isFinite && weight.weight > 0 {
            guard (1...7).contains(weight.weekday), (0...23).contains(weight.hour) else { continue }
            self.weights[(weight.weekday - 1) * 24 + weight.hour] += weight.weight
        }
    }

    /// For brands without figures of their own: morning, noon and after work, workdays before weekends. A convention, not
    /// a measurement, and called so in every rationale.
    package static let common = BestTimes(
        (1...5).flatMap { day in
            [(9, 0.8), (10, 0.8), (12, 1.0), (13, 0.8), (17, 0.9), (18, 1.0), (19, 0.8)].map {
                Weight(weekday: day, hour: $0.0, weight: $0.1)
            }
        }
            + [6, 7].flatMap { day in
                [(10, 0.6), (11, 0.7), (17, 0.6), (18, 0.6)].map { Weight(weekday: day, hour: $0.0, weight: $0.1) }
            }, isMeasured: false)

    package func weight(weekday: Int, hour: Int) -> Double {
        let index = (weekday - 1) * 24 + hour
        return (0...23).contains(hour) && weights.indices.contains(index) ? weights[index] : 0
    }

    /// What a post on that weekday can hope for at best.
    func best(onWeekday weekday: Int) -> Double { (0...23).map { weight(weekday: weekday, hour: $0) }.max() ?? 0 }

    /// The hour's weight over all weekdays: for a day without any good hour of its own.
    func overall(hour: Int) -> Double { (1...7).map { weight(weekday: $0, hour: hour) }.reduce(0, +) }
}
