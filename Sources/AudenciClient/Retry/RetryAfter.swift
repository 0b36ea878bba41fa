import Foundation

/// The `Retry-After` header: seconds, or a date.
enum RetryAfter {
    /// - Returns: nil for what is neither.
    static func duration(_ header: String?, now: Date) -> Duration? {
        guard let text = header?.trimmingCharacters(in: .whitespaces), !text.isEmpty else { return nil }
        if let seconds = Double(text) {
            guard seconds.isFinite, seconds >= 0 else { return nil }
            return .seconds(min(seconds, 1e9))
        }
        return date(text).map { .seconds(max($0.timeIntervalSince(now), 0)) }
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that HTTP still lets servers write.
    private static func date(_ text: String) -> Date? {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: parts[2]) else { return nil }
        let number = month + 1
        return AudenciJSON.date("\(parts[3])-\(number < 10 ? "0" : "")\(number)-\(parts[1])T\(parts[4])Z")
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
