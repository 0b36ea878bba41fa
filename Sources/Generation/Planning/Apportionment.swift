package import Core

/// Shares that come out right: whole numbers from percentages, and an order in which each share is spread out.
package enum Apportionment {
    /// Whole numbers that add up to `total` and are each within one of their exact share (largest remainder, Hamilton's
    /// method). Weights that are not positive get nothing, unless none is: then all are equal.
    package static func counts(of total: Int, by weights: [Double]) -> [Int] {
        guard !weights.isEmpty, total > 0 else { return weights.map { _ in 0 } }
        var weights = weights.map { $0.isFinite && $0 > 0 ? $0 : 0 }
        // Dividing first keeps the sum of huge weights finite.
        let largest = weights.max() ?? 0
        weights = weights.map { largest > 0 ? $0 / largest : 1 }
        let sum = weights.reduce(0, +)
        let exact = weights.map { Double(total) * $0 / sum }
        var counts = exact.map { Int($0.rounded(.down)) }
        var missing = total - counts.reduce(0, +)
        let byRemainder = zip(exact.indices, zip(exact, counts).map { $0 - Double($1) })
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        for (index, _) in byRemainder where missing > 0 && counts.indices.contains(index) && weights[index] > 0 {
            counts[index] += 1
            missing -= 1
        }
        return counts
    }

    /// The indices of `counts`, each as often as its count says, evenly mixed; no two equal ones follow each other unless
    /// one has more than half.
    package static func interleaved(_ counts: [Int], using generator: inout SplitMix64) -> [Int] {
        var left = counts.map { max($0, 0) }
        let total = left.reduce(0, +)
        let order = counts.indices.shuffled(using: &generator)
        var result: [Int] = []
        for step in 0..<total {
            let remaining = total - step
            let last = result.last
            // One with more than half of what is left must come now, or it would have to follow itself later.
            let forced = order.first { left[$0] * 2 > remaining && $0 != last }
            let lag = { (index: Int) in
                Double(max(counts[index], 0) * (step + 1)) / Double(total) - Double(max(counts[index], 0) - left[index])
            }
            let candidates = order.filter { left[$0] > 0 }
            let next =
                forced ?? candidates.filter { $0 != last }.max { lag($0) < lag($1) } ?? candidates.first
            guard let next else { break }
            left[next] -= 1
            result.append(next)
        }
        return result
    }

    /// `0..<count` in an order whose every stretch is spread over the whole (steps of the golden ratio).
    package static func spread(_ count: Int) -> [Int] {
        let fraction = { (index: Int) in
            let turned = Double(index) * 0.618_033_988_749_894_9
            return turned - turned.rounded(.down)
        }
        return (0..<max(count, 0)).map { ($0, fraction($0)) }.sorted { $0.1 < $1.1 }.map(\.0)
    }
}
