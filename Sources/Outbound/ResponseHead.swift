import Core

/// Status line and headers of one answer.
struct ResponseHead {
    enum Framing: Hashable {
        case length(Int)
        case chunked
        case untilClose
    }

    let status: Int
    let headers: [(name: String, value: String)]
    private let isHTTP10: Bool

    /// - Parameter bytes: everything up to and with the empty line; every line feed has its carriage return.
    init(_ bytes: [UInt8]) throws(ResponseParser.Fault) {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)[...]
        guard let first = lines.popFirst() else { throw .badStatusLine }
        (status, isHTTP10) = try Self.parseStatusLine(first.dropLast())
        var headers: [(name: String, value: String)] = []
        for line in lines where line.count > 1 { headers.append(try Self.parseHeader(line.dropLast())) }
        self.headers = headers
    }

    /// True when neither side said that the connection ends here. HTTP/1.0 never keeps it.
    var keepsConnection: Bool {
        !isHTTP10
            && !headers.contains { header in
                header.name.lowercased() == "connection"
                    && header.value.lowercased().split(whereSeparator: { ", \t".contains($0) }).contains("close")
            }
    }

    /// How the body's end is to be found (RFC 9112, section 6.3, without its leniences).
    func framing() throws(ResponseParser.Fault) -> Framing {
        var lengths: [String] = []
        var codings: [String] = []
        for header in headers {
            switch header.name.utf8.count {
            case 14 where header.name.lowercased() == "content-length": lengths.append(header.value)
            case 17 where header.name.lowercased() == "transfer-encoding": codings.append(header.value)
            default: break
            }
        }
        if !codings.isEmpty {
            guard lengths.isEmpty else { throw .lengthAndCoding }
            guard codings.count == 1, codings.first?.lowercased() == "chunked", !isHTTP10 else { throw .badCoding }
            return .chunked
        }
        guard let text = lengths.first else { return .untilClose }
        guard lengths.count == 1, (1...18).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit),
            let length = Int(text)
        else { throw .badLength }
        return .length(length)
    }

    /// `HTTP/1.1 200 OK`; the reason may be missing, with or without the space before it.
    private static func parseStatusLine(
        _ line: ArraySlice<UInt8>
    ) throws(ResponseParser.Fault) -> (status: Int, isHTTP10: Bool) {
        var rest = line
        guard rest.starts(with: "HTTP/1.".utf8) else { throw .notHTTP }
        rest = rest.dropFirst(7)
        guard let minor = rest.popFirst(), "01".utf8.contains(minor), rest.popFirst() == 0x20 else { throw .badStatusLine }
        let digits = rest.prefix(3)
        rest = rest.dropFirst(3)
        guard digits.count == 3, digits.allSatisfy(\.isDigit),
            let status = Int(String(decoding: digits, as: UTF8.self)), status >= 100,
            rest.isEmpty || rest.first == 0x20, !rest.contains(where: \.isForbiddenInHeader)
        else { throw .badStatusLine }
        return (status, minor == UInt8(ascii: "0"))
    }

    private static func parseHeader(
        _ line: ArraySlice<UInt8>
    ) throws(ResponseParser.Fault) -> (name: String, value: String) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .badHeader }
        let name = line[..<colon]
        var value = line[(colon + 1)...]
        while let byte = value.first, byte == 0x20 || byte == 0x09 { value.removeFirst() }
        while let byte = value.last, byte == 0x20 || byte == 0x09 { value.removeLast() }
        // A name with a space in it covers folded lines (which begin with one) and `Name : value`.
        guard !name.isEmpty, name.allSatisfy(\.isTokenByte), !value.contains(where: \.isForbiddenInHeader) else {
            throw .badHeader
        }
        return (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
}
