import Contract
import Foundation

extension Rule where Value == String {
    /// An IANA time zone that this machine knows.
    static let timezone = Rule { text in
        text.utf8.count <= 64 && text.contains("/") || text == "UTC"
            ? (TimeZone(identifier: text) == nil
                ? "is no time zone that is known here; use an IANA name such as Europe/Berlin" : nil)
            : "must be an IANA time zone such as Europe/Berlin, or UTC"
    }
}
