/// A moment: whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Integers compare, store (`BIGINT`) and index the same on every engine, and never drift as floating point does.
package struct Instant: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package init(seconds: Int64) { self.milliseconds = seconds &* 1000 }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000 }

    package static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }
    /// Saturating: adding to the far future stays in the far future instead of trapping.
    package static func + (a: Self, b: Duration) -> Self {
        let (sum, overflow) = a.milliseconds.addingReportingOverflow(b.inMilliseconds)
        return Instant(milliseconds: overflow ? (b < .zero ? .min : .max) : sum)
    }
    package static func - (a: Self, b: Duration) -> Self { a + (.zero - b) }
    package static func - (a: Self, b: Self) -> Duration {
        let (difference, overflow) = a.milliseconds.subtractingReportingOverflow(b.milliseconds)
        return .milliseconds(overflow ? (a > b ? Int64.max / 2 : Int64.min / 2) : difference)
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero, saturating.
    package var inMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (ms, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        if overflow { return seconds < 0 ? .min : .max }
        return ms &+ attoseconds / 1_000_000_000_000_000
    }

    /// Seconds with their fraction, for jitter arithmetic and metrics.
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
