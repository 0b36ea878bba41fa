/// Cuts replies out of a byte stream. What it keeps is bounded, if ``next()`` is asked until it has no more.
struct SMTPReplyParser {
    /// RFC 5321 promises 512; some servers are chattier.
    static let maximumLineBytes = 2_048
    static let maximumLines = 64

    private var unread: [UInt8] = []
    private var code: Int?
    private var texts: [String] = []

    /// True when nothing waits: neither a reply nor a part of one.
    var isEmpty: Bool { unread.isEmpty && texts.isEmpty }

    mutating func feed(_ bytes: some Sequence<UInt8>) { unread += bytes }

    /// The next whole reply, if one is there. What is wrong behind it does not spoil it.
    mutating func next() throws(SMTPFault) -> SMTPReply? {
        var rest = unread[...]
        defer { unread = Array(rest) }
        while let end = rest.prefix(Self.maximumLineBytes + 1).firstIndex(of: 0x0A) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            if let reply = try take(line.last == 0x0D ? line.dropLast() : line) { return reply }
        }
        guard rest.count <= Self.maximumLineBytes else { throw .longLine }
        return nil
    }

    /// Takes one line; returns the reply when it was its last.
    private mutating func take(_ line: ArraySlice<UInt8>) throws(SMTPFault) -> SMTPReply? {
        let digits = line.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(String(decoding: digits, as: UTF8.self)), (200...599).contains(number)
        else { throw .noReply }
        let separator = line.dropFirst(3).first
        guard separator == nil || separator == UInt8(ascii: " ") || separator == UInt8(ascii: "-"),
            code == nil || code == number
        else { throw .noReply }
        guard texts.count < Self.maximumLines else { throw .manyLines }
        texts.append(String(decoding: line.dropFirst(4), as: UTF8.self))
        code = number
        guard separator != UInt8(ascii: "-") else { return nil }
        defer {
            texts.removeAll()
            code = nil
        }
        return SMTPReply(code: number, lines: texts)
    }
}

/// How a server broke the protocol.
package enum SMTPFault: Error, Hashable, Sendable {
    case noReply
    case longLine
    case manyLines
    /// A reply of a class that the command does not have, such as 354 to MAIL.
    case unexpected(code: Int)
    /// Bytes behind the go-ahead for TLS: whoever sits in between could slip in replies that seem protected (CVE-2011-0411).
    case spokeAheadOfTLS

    /// Completes "The server ".
    var explanation: String {
        switch self {
        case .noReply: "answered with something that is no SMTP reply"
        case .longLine: "answered with a line of more than \(SMTPReplyParser.maximumLineBytes) bytes"
        case .manyLines: "answered with more than \(SMTPReplyParser.maximumLines) lines"
        case .unexpected(let code): "answered \(code), which does not fit the command"
        case .spokeAheadOfTLS: "sent replies before TLS was up that would count as protected by it"
        }
    }
}
