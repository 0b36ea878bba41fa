/// What is wrong with a text that should be JSON, and where.
package struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    package let issue: String
    /// Bytes from the start of the text.
    package let offset: Int
    package var description: String { "\(issue) at byte \(offset)" }
}

extension JSONValue {
    /// Reads one JSON text (RFC 8259, strictly): no trailing commas, comments, duplicate keys or lone surrogates; UTF-8
    /// only; nested at most 32 deep. Hostile input costs at most its own size in memory.
    package init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        var parser = JSONParser(bytes)
        self = try parser.document()
    }

    package init(parsing text: String) throws(JSONSyntaxError) { try self.init(parsing: Array(text.utf8)) }
}

private struct JSONParser {
    static let maximumDepth = 32

    let bytes: [UInt8]
    var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONSyntaxError) -> JSONValue {
        skipSpace()
        let value = try value(depth: 0)
        skipSpace()
        if index < bytes.count { throw fail("unexpected text after the JSON value") }
        return value
    }

    func fail(_ issue: String) -> JSONSyntaxError { JSONSyntaxError(issue: issue, offset: index) }

    mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[index]) { index += 1 }
    }

    func peek() -> UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw fail("nested deeper than \(Self.maximumDepth) levels") }
        switch peek() {
        case 0x7B: return try object(depth: depth)
        case 0x5B: return try array(depth: depth)
        case 0x22: return .string(try string())
        case 0x74: return try word("true", .bool(true))
        case 0x66: return try word("false", .bool(false))
        case 0x6E: return try word("null", .null)
        case .some(0x2D), .some(0x30...0x39): return try number()
        case nil: throw fail("unexpected end of the JSON text")
        default: throw fail("unexpected character")
        }
    }

    mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let end = index + word.utf8CodeUnitCount
        guard end <= bytes.count else { throw fail("unexpected end of the JSON text") }
        for offset in 0..<word.utf8CodeUnitCount where bytes[index + offset] != word.utf8Start[offset] {
            throw fail("expected \(word)")
        }
        index = end
        return value
    }

    mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        index += 1
        var members: [JSONValue.Member] = []
        var seen: Set<String> = []
        skipSpace()
        if peek() == 0x7D { index += 1; return .object([]) }
        while true {
            skipSpace()
            guard peek() == 0x22 else { throw fail("expected a key in quotes") }
            let key = try string()
            guard seen.insert(key).inserted else { throw fail("the key \"\(key.prefix(64))\" stands twice") }
            skipSpace()
            guard peek() == 0x3A else { throw fail("expected ':'") }
            index += 1
            skipSpace()
            members.append(.init(key, try value(depth: depth + 1)))
            skipSpace()
            switch peek() {
            case 0x2C: index += 1
            case 0x7D: index += 1; return .object(members)
            case nil: throw fail("unexpected end of the JSON text")
            default: throw fail("expected ',' or '}'")
            }
        }
    }

    mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        index += 1
        var elements: [JSONValue] = []
        skipSpace()
        if peek() == 0x5D { index += 1; return .array([]) }
        while true {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
            switch peek() {
            case 0x2C: index += 1
            case 0x5D: index += 1; return .array(elements)
            case nil: throw fail("unexpected end of the JSON text")
            default: throw fail("expected ',' or ']'")
            }
        }
    }

    mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = index
        var isInteger = true
        if peek() == 0x2D { index += 1 }
        if peek() == 0x30 { index += 1 } else { try digits() }
        if peek() == 0x2E { index += 1; isInteger = false; try digits() }
        if let byte = peek(), byte == 0x65 || byte == 0x45 {
            index += 1
            isInteger = false
            if let sign = peek(), sign == 0x2B || sign == 0x2D { index += 1 }
            try digits()
        }
        guard index - start <= 64 else { throw fail("a number of more than 64 characters") }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .int(value) }
        guard let value = Double(text), value.isFinite else { throw fail("a number out of range") }
        return .double(value)
    }

    mutating func digits() throws(JSONSyntaxError) {
        guard let first = peek(), (0x30...0x39).contains(first) else { throw fail("expected a digit") }
        while let byte = peek(), (0x30...0x39).contains(byte) { index += 1 }
    }

    mutating func string() throws(JSONSyntaxError) -> String {
        index += 1
        let start = index
        while let byte = peek(), byte != 0x22, byte != 0x5C, byte >= 0x20 { index += 1 }
        if peek() == 0x22 {
            defer { index += 1 }
            return try utf8(bytes[start..<index])
        }
        var result = Array(bytes[start..<index])
        while true {
            switch peek() {
            case nil: throw fail("unexpected end inside a string")
            case 0x22:
                index += 1
                return try utf8(result[...])
            case 0x5C:
                index += 1
                try escape(into: &result)
            case .some(let byte):
                guard byte >= 0x20 else { throw fail("a control character inside a string") }
                result.append(byte)
                index += 1
            }
        }
    }

    func utf8(_ slice: ArraySlice<UInt8>) throws(JSONSyntaxError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw fail("a string that is not UTF-8") }
        return text
    }

    mutating func escape(into result: inout [UInt8]) throws(JSONSyntaxError) {
        guard let code = peek() else { throw fail("unexpected end inside a string") }
        index += 1
        switch code {
        case 0x22, 0x5C, 0x2F: result.append(code)
        case 0x62: result.append(0x08)
        case 0x66: result.append(0x0C)
        case 0x6E: result.append(0x0A)
        case 0x72: result.append(0x0D)
        case 0x74: result.append(0x09)
        case 0x75:
            var scalar = UInt32(try hex4())
            if (0xD800..<0xDC00).contains(scalar) {
                guard peek() == 0x5C, index + 1 < bytes.count, bytes[index + 1] == 0x75 else {
                    throw fail("a lone surrogate")
                }
                index += 2
                let low = UInt32(try hex4())
                guard (0xDC00..<0xE000).contains(low) else { throw fail("a lone surrogate") }
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let unicode = Unicode.Scalar(scalar) else { throw fail("a lone surrogate") }
            result.append(contentsOf: Array(String(Character(unicode)).utf8))
        default: throw fail("an unknown escape")
        }
    }

    mutating func hex4() throws(JSONSyntaxError) -> UInt16 {
        guard index + 4 <= bytes.count,
            let value = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16),
            bytes[index] != 0x2B, bytes[index] != 0x2D
        else { throw fail("expected four hexadecimal digits") }
        index += 4
        return value
    }
}
