/// The classes of bytes that protocols speak of.
extension UInt8 {
    package var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    package var isHexDigit: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }
    package var isLowercaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
    package var isLetter: Bool { (self | 0x20).isLowercaseLetter }
    /// What RFC 9110 allows in header names and methods.
    package var isTokenByte: Bool { isDigit || isLetter || "!#$%&'*+-.^_`|~".utf8.contains(self) }
    /// Control bytes that a header value must not hold; a tab is fine.
    package var isForbiddenInHeader: Bool { self < 0x20 && self != 0x09 || self == 0x7F }
}
