import Core

/// Dates as RFC 5322 has them.
enum MailDate {
    /// `Tue, 03 Feb 2026 10:30:00 +0000`.
    static func text(_ instant: Instant) -> String {
        // 1970-01-01 was a Thursday. The calendar is Instant's: its text is 2026-02-03T10:30:00Z.
        let days = instant.seconds >= 0 ? instant.seconds / 86_400 : (instant.seconds - 86_399) / 86_400
        let weekday = element(Int(((days + 4) % 7 + 7) % 7), of: weekdays)
        let parts = instant.description.split { "-T:Z".contains($0) }
        guard parts.count == 6, let number = Int(parts[1]) else { return instant.description }
        let month = element(number - 1, of: months)
        return "\(weekday), \(parts[2]) \(month) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) +0000"
    }

    private static func element(_ index: Int, of names: [String]) -> String { names.dropFirst(index).first ?? "" }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
