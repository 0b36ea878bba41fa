/// What follows an object's bytes in its file: the content type and proof that the file is whole.
///
/// One file instead of two, because one rename is atomic and two are not; at the end instead of the beginning, because
/// picture viewers and players then still open the file as it is.
///
/// Layout: content type, its length (1 byte), the object's size (8 bytes, big endian), ``mark``.
struct ObjectTrailer: Hashable, Sendable {
    let contentType: String
    let size: Int

    private static let mark = Array("AUDENCI1".utf8)
    private static let fixed = 1 + 8 + mark.count
    /// In bytes; a file's last ones hold the trailer.
    static let maximumLength = fixed + ContentType.maximumLength

    init(contentType: String, size: Int) {
        self.contentType = contentType
        self.size = size
    }

    var bytes: [UInt8] {
        let type = Array(contentType.utf8)
        let length = UInt64(clamping: size)
        let digits = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: length >> UInt64($0)) }
        return type + [UInt8(clamping: type.count)] + digits + Self.mark
    }

    /// - Parameters:
    ///   - tail: the last ``maximumLength`` bytes of a file, or all of a shorter one.
    ///   - fileSize: what the trailer must agree with.
    /// - Returns: nil when the file is not whole.
    init?(tail: [UInt8], fileSize: Int) {
        guard tail.count >= Self.fixed, tail.suffix(Self.mark.count) == Self.mark[...] else { return nil }
        let numbers = tail.dropLast(Self.mark.count).suffix(9)
        guard let typeLength = numbers.first.map(Int.init) else { return nil }
        let size = numbers.dropFirst().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let (expected, overflow) = UInt64(Self.fixed + typeLength).addingReportingOverflow(size)
        guard !overflow, UInt64(exactly: fileSize) == expected, tail.count >= Self.fixed + typeLength else { return nil }
        contentType = String(decoding: tail.dropLast(Self.fixed).suffix(typeLength), as: UTF8.self)
        self.size = Int(size)
    }
}
