import Core
import NIOCore

/// Reads one HTTP/1.1 answer from bytes that arrive in any portions. Strict, as whatever two readers could understand
/// differently is refused: a length and a transfer coding together, two lengths, bare line feeds, folded lines.
/// Never inflates anything.
struct ResponseParser {
    /// What is wrong with an answer.
    enum Fault: Error, Hashable, CaseIterable {
        case notHTTP, lineEnding, headTooLarge, tooManyHeaders, badStatusLine, badHeader, lengthAndCoding, badLength, badCoding,
            badChunk, tooManyInterim, switchedProtocols
    }

    private enum Stage {
        case head
        case fixed(remaining: Int)
        case chunkSize
        case chunkData(remaining: Int)
        case chunkEnd
        case trailers
        case untilClose
        case done
    }

    /// 100 headers in 16 KiB, with the status line; the same for trailers.
    static let maximumHeaders = 100
    static let maximumHeadBytes = 16_384
    static let maximumInterimAnswers = 8

    private(set) var status = 0
    private(set) var headers: [(name: String, value: String)] = []
    private(set) var body: [UInt8] = []
    private(set) var isTruncated = false
    /// True when the connection may carry another request after this answer.
    private(set) var keepsConnection = true
    /// True from the first byte on, those of interim answers included.
    private(set) var hasBytes = false
    /// True once status and headers are there.
    private(set) var hasHead = false

    private var stage = Stage.head
    private var pending = ByteBuffer()
    private var scanned = 0
    private var lineStart = 0
    private var lines = 0
    private var interimAnswers = 0
    private let maximumBodyBytes: Int
    private let isBodiless: Bool

    init(requestMethod: String, maximumBodyBytes: Int) {
        self.maximumBodyBytes = max(maximumBodyBytes, 0)
        isBodiless = requestMethod == "HEAD"
    }

    var isDone: Bool {
        if case .done = stage { true } else { false }
    }

    /// Takes the next bytes. True when the answer is complete (or cut at the limit); do not feed it again then.
    mutating func feed(_ bytes: ByteBuffer) throws(Fault) -> Bool {
        guard bytes.readableBytes > 0 else { return isDone }
        hasBytes = true
        if pending.readableBytes == 0 { pending = bytes } else { pending.writeImmutableBuffer(bytes) }
        while try step() {}
        if isDone {
            // Bytes that nobody asked for: whatever they are, they must not become the next answer.
            if pending.readableBytes > 0 { keepsConnection = false }
            pending = ByteBuffer()
        } else if pending.readableBytes == 0 {
            // Lets the handler below use its buffer again.
            pending = ByteBuffer()
        }
        return isDone
    }

    /// The peer closed the connection. True when that completes the answer.
    /// - Parameter isClean: false when TLS ended without its farewell, which leaves open whether something is missing.
    mutating func end(isClean: Bool) -> Bool {
        guard case .untilClose = stage else { return false }
        if !isClean { isTruncated = true }
        stage = .done
        return true
    }

    /// Makes one step; false when more bytes are needed or all is done.
    private mutating func step() throws(Fault) -> Bool {
        switch stage {
        case .head:
            guard let length = try findBlockEnd() else { return false }
            try takeHead(length)
            return true
        case .fixed(let remaining):
            guard remaining > 0 else { return finish() }
            guard pending.readableBytes > 0 else { return false }
            let count = takeBody(atMost: remaining)
            if !isDone { stage = .fixed(remaining: remaining - count) }
            return !isDone
        case .untilClose:
            guard pending.readableBytes > 0 else { return false }
            _ = takeBody(atMost: pending.readableBytes)
            return false
        case .chunkSize:
            guard let size = try takeChunkSize() else { return false }
            stage = size == 0 ? .trailers : .chunkData(remaining: size)
            return true
        case .chunkData(let remaining):
            guard pending.readableBytes > 0 else { return false }
            let count = takeBody(atMost: remaining)
            if !isDone { stage = count == remaining ? .chunkEnd : .chunkData(remaining: remaining - count) }
            return !isDone
        case .chunkEnd:
            guard pending.readableBytes >= 2 else { return false }
            guard pending.readBytes(length: 2) == [0x0D, 0x0A] else { throw .badChunk }
            stage = .chunkSize
            return true
        case .trailers:
            guard let line = try takeTrailer() else { return false }
            return line ? true : finish()
        case .done:
            return false
        }
    }

    private mutating func finish() -> Bool {
        stage = .done
        return false
    }

    /// Moves up to `count` bytes into the body; what does not fit ends the answer.
    private mutating func takeBody(atMost count: Int) -> Int {
        let available = min(count, pending.readableBytes)
        let taken = min(available, maximumBodyBytes - body.count)
        body.append(contentsOf: pending.readableBytesView.prefix(taken))
        pending.moveReaderIndex(forwardBy: available)
        if taken < available {
            isTruncated = true
            keepsConnection = false
            stage = .done
        }
        return available
    }
}

extension ResponseParser {
    /// Length of the head with its empty line, once it is there. Scans every byte once, however they trickle in.
    private mutating func findBlockEnd() throws(Fault) -> Int? {
        let view = pending.readableBytesView
        guard view.prefix(7).elementsEqual("HTTP/1.".utf8.prefix(view.count)) else { throw .notHTTP }
        var previous: UInt8 = scanned > 0 ? view.dropFirst(scanned - 1).first ?? 0 : 0
        for byte in view.dropFirst(scanned) {
            scanned += 1
            if scanned > Self.maximumHeadBytes { throw .headTooLarge }
            if byte == 0x0A {
                guard previous == 0x0D else { throw .lineEnding }
                if scanned - lineStart == 2 { return scanned }
                lineStart = scanned
                lines += 1
                if lines > Self.maximumHeaders + 1 { throw .tooManyHeaders }
            }
            previous = byte
        }
        return nil
    }

    private mutating func takeHead(_ length: Int) throws(Fault) {
        let bytes = pending.readBytes(length: length) ?? []
        (scanned, lineStart, lines) = (0, 0, 0)
        let parsed = try ResponseHead(bytes)
        guard parsed.status != 101 else { throw .switchedProtocols }
        if parsed.status < 200 {
            interimAnswers += 1
            if interimAnswers > Self.maximumInterimAnswers { throw .tooManyInterim }
            return
        }
        hasHead = true
        (status, headers, keepsConnection) = (parsed.status, parsed.headers, parsed.keepsConnection)
        // Refused even where no body follows: such an answer is a smuggling attempt or a broken proxy.
        let framing = try parsed.framing()
        if isBodiless || status == 204 || status == 304 {
            stage = .done
            return
        }
        switch framing {
        case .length(let length):
            // What is announced is not there yet: room is made in advance for small bodies only.
            body.reserveCapacity(min(length, maximumBodyBytes, 65_536))
            stage = length == 0 ? .done : .fixed(remaining: length)
        case .chunked: stage = .chunkSize
        case .untilClose:
            keepsConnection = false
            stage = .untilClose
        }
    }

    /// `1a2b;extension` CR LF.
    private mutating func takeChunkSize() throws(Fault) -> Int? {
        guard let line = try takeLine(atMost: 256) else { return nil }
        let digits = line.prefix { $0 != UInt8(ascii: ";") }
        // Fifteen digits fit into an Int whatever they are.
        guard (1...15).contains(digits.count), digits.allSatisfy(\.isHexDigit),
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), !line.contains(where: \.isForbiddenInHeader)
        else { throw .badChunk }
        return size
    }

    /// Skips one trailer; false for the empty line that ends them.
    private mutating func takeTrailer() throws(Fault) -> Bool? {
        guard let line = try takeLine(atMost: Self.maximumHeadBytes - scanned) else { return nil }
        scanned += line.count + 2
        lines += 1
        if lines > Self.maximumHeaders + 1 { throw .tooManyHeaders }
        return !line.isEmpty
    }

    /// The next line without its CR LF.
    private mutating func takeLine(atMost limit: Int) throws(Fault) -> [UInt8]? {
        let view = pending.readableBytesView
        guard let end = view.firstIndex(of: 0x0A) else {
            if view.count > limit { throw .badChunk }
            return nil
        }
        let count = view.distance(from: view.startIndex, to: end)
        guard count >= 1, count <= limit, var line = pending.readBytes(length: count + 1) else { throw .badChunk }
        line.removeLast()
        guard line.popLast() == 0x0D, !line.contains(0x0D) else { throw .lineEnding }
        return line
    }
}
