/// The numbers of followers that are worth an event. Pure.
package struct FollowerThresholds: Sendable, Hashable {
    package let values: [Int64]

    /// - Parameter values: any order; sorted here.
    package init(_ values: [Int64]) { self.values = Set(values).sorted() }

    /// 100, 200, 500, 1,000, 2,000, 5,000 and so on to 5,000,000,000.
    package static let standard: FollowerThresholds = {
        var values: [Int64] = []
        var power: Int64 = 100
        while power <= 1_000_000_000 {
            values += [power, power * 2, power * 5]
            power *= 10
        }
        return FollowerThresholds(values)
    }()

    /// The thresholds that are reached for the first time by `count`, when `highest` is the most that was ever seen before.
    /// Without anything before there is none: what an account brings along happened before us.
    package func crossed(by count: Int64, highest: Int64?) -> [Int64] {
        guard let highest, count > highest else { return [] }
        return values.filter { highest < $0 && $0 <= count }
    }
}
