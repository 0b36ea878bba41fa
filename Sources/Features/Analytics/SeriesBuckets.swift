import Core
import Foundation

/// The steps of a series in one time zone: where each begins, and which one a moment belongs to. Pure.
struct SeriesBuckets: Sendable {
    /// Where each step begins; the first one at or before the period's beginning.
    let starts: [Instant]

    init(_ period: Range<Instant>, by granularity: Granularity, in zone: TimeZone) {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = zone
        let component: Calendar.Component =
            switch granularity {
            case .hour: .hour
            case .day: .day
            case .week: .weekOfYear
            case .month: .month
            }
        var starts: [Instant] = []
        var date = Date(timeIntervalSince1970: Double(period.lowerBound.milliseconds) / 1000)
        // A period is bounded to 731 days, or 31 of hours.
        while starts.count < 1000, let interval = calendar.dateInterval(of: component, for: date) {
            let start = Instant(milliseconds: Int64((interval.start.timeIntervalSince1970 * 1000).rounded()))
            guard start < period.upperBound else { break }
            starts.append(start)
            guard interval.end > date else { break }
            date = interval.end
        }
        self.starts = starts
    }

    /// The step that holds `moment`; nil before the first.
    func index(of moment: Instant) -> Int? {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= moment { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }
}
