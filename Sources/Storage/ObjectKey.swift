/// Where an object is kept: a path such as `organizationId/mediaId/original`.
///
/// The alphabet is what needs no escaping in a URL, a signature and a file name, so that a key is spelled the same
/// everywhere and no spelling leads out of the store.
package struct ObjectKey: Hashable, Sendable, CustomStringConvertible {
    /// In bytes; with it a whole key fits in one file name.
    package static let maximumLength = 200

    package let text: String

    /// - Throws: ``StorageIssue/Kind/invalidKey`` for everything but 1 to 200 of `A-Z a-z 0-9 . _ - /`, and for empty
    ///   parts, a part `.` and two dots in a row anywhere.
    package init(_ text: String) throws(StorageIssue) {
        func bad(_ message: String) -> StorageIssue { StorageIssue(.invalidKey, "The object's key \(message)") }
        guard (1...Self.maximumLength).contains(text.utf8.count) else {
            throw bad("must have 1 to \(Self.maximumLength) characters.")
        }
        guard text.utf8.allSatisfy(Self.allows) else {
            throw bad("may hold only letters, digits, dots, underscores, dashes and slashes.")
        }
        for part in text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard !part.isEmpty else { throw bad("must not begin or end with a slash, nor hold two in a row.") }
            guard !part.elementsEqual(".".utf8) else { throw bad("must not hold the part \".\".") }
        }
        guard !zip(text.utf8, text.utf8.dropFirst()).contains(where: { $0 == UInt8(ascii: ".") && $1 == $0 }) else {
            throw bad("must not hold two dots in a row.")
        }
        self.text = text
    }

    package var description: String { text }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
