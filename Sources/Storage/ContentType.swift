/// The check of what is kept beside the bytes.
enum ContentType {
    static let maximumLength = 200

    /// - Throws: ``StorageIssue/Kind/invalidContentType`` for what could not be sent as a header's value.
    static func check(_ text: String) throws(StorageIssue) {
        let isPrintable = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        guard (1...maximumLength).contains(text.utf8.count), isPrintable, !text.hasPrefix(" "), !text.hasSuffix(" ") else {
            throw StorageIssue(
                .invalidContentType,
                "A content type has 1 to \(maximumLength) printable ASCII characters, without spaces around, such as image/png."
            )
        }
    }
}
