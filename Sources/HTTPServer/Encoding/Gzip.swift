import CZlib

/// The gzip format (RFC 1952), over zlib.
enum Gzip {
    /// Window of 32 KiB, with the gzip wrapper instead of zlib's own.
    private static let windowBits: Int32 = 15 + 16
    /// Twice the speed of the usual 6 for two per cent more bytes of JSON.
    private static let level: Int32 = 4

    /// Nil when there is no memory for it.
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        guard let size = UInt32(exactly: bytes.count) else { return nil }
        var stream = z_stream()
        let version = ZLIB_VERSION
        let begun = deflateInit2_(
            &stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, version, Int32(MemoryLayout<z_stream>.size))
        guard begun == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        guard let bound = UInt32(exactly: deflateBound(&stream, UInt(size))) else { return nil }
        var input = bytes
        var isDone = false
        let output = [UInt8](unsafeUninitializedCapacity: Int(bound)) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = size
                stream.next_out = output.baseAddress
                stream.avail_out = bound
                isDone = deflate(&stream, Z_FINISH) == Z_STREAM_END
                count = Int(bound - stream.avail_out)
            }
        }
        return isDone ? output : nil
    }

    enum Failure: Error {
        case malformed
        case tooLarge
    }

    /// The bytes behind `compressed`; never more than `limit` are made, whatever it says of itself.
    static func decompress(_ compressed: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        guard let size = UInt32(exactly: compressed.count) else { throw .tooLarge }
        var stream = z_stream()
        let begun = inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard begun == Z_OK else { throw .malformed }
        defer { inflateEnd(&stream) }
        var input = compressed
        var result: [UInt8] = []
        let failure = input.withUnsafeMutableBufferPointer { input -> Failure? in
            stream.next_in = input.baseAddress
            stream.avail_in = size
            return inflateAll(&stream, into: &result, limit: limit)
        }
        if let failure { throw failure }
        return result
    }

    private static func inflateAll(_ stream: inout z_stream, into result: inout [UInt8], limit: Int) -> Failure? {
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            var code = Z_OK
            let made = piece.withUnsafeMutableBufferPointer { piece in
                stream.next_out = piece.baseAddress
                stream.avail_out = UInt32(piece.count)
                code = inflate(&stream, Z_NO_FLUSH)
                return piece.count - Int(stream.avail_out)
            }
            guard made <= limit - result.count else { return .tooLarge }
            result += piece[..<made]
            switch code {
            // Bytes after the end belong to nobody.
            case Z_STREAM_END: return stream.avail_in == 0 ? nil : .malformed
            // Input that is used up without an end makes no progress: cut off.
            case Z_OK where made > 0 || stream.avail_in > 0: continue
            default: return .malformed
            }
        }
    }
}
