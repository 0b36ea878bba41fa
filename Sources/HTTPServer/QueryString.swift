import Contract

/// Reads percent-encoded text strictly: what is malformed is refused, not guessed at.
enum PercentCoding {
    /// The text behind `encoded`; nil when an escape is malformed or the bytes are not UTF-8.
    /// - Parameter plusIsSpace: as in query strings.
    static func decode(_ encoded: some StringProtocol, plusIsSpace: Bool) -> String? {
        let utf8 = encoded.utf8
        guard utf8.contains(where: { $0 == 0x25 || plusIsSpace && $0 == 0x2B }) else { return String(encoded) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var iterator = utf8.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case 0x25:
                guard let high = iterator.next().flatMap(hexValue), let low = iterator.next().flatMap(hexValue) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case 0x2B where plusIsSpace: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}

/// The part of a URL behind `?`.
enum QueryString {
    /// Names and values in the order in which they stand, repeated ones too.
    /// - Throws: 400 for malformed escapes and for more than `limit` parameters.
    static func parse(_ text: String, limit: Int) throws(APIError) -> [(name: String, value: String)] {
        var parameters: [(name: String, value: String)] = []
        for pair in text.utf8.split(separator: 0x26, omittingEmptySubsequences: true) {
            guard parameters.count < limit else {
                throw APIError(.invalidRequest, "The URL has more than \(limit) query parameters.")
            }
            let separator = pair.firstIndex(of: 0x3D) ?? pair.endIndex
            let value = separator < pair.endIndex ? pair[pair.index(after: separator)...] : pair[pair.endIndex...]
            guard let name = PercentCoding.decode(Substring(pair[..<separator]), plusIsSpace: true) else {
                throw APIError.invalid("", "has a query parameter whose name is not valid percent-encoded UTF-8")
            }
            guard let decoded = PercentCoding.decode(Substring(value), plusIsSpace: true) else {
                throw APIError.invalid(name, "is not valid percent-encoded UTF-8")
            }
            parameters.append((name, decoded))
        }
        return parameters
    }
}
