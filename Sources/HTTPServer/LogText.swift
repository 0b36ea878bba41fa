/// Text that is fit for a log line.
enum LogText {
    /// `text` without what looks like a credential, without control characters (a log line stays one line and leaves the
    /// terminal alone), and not longer than 500 bytes.
    static func safe(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first, bytes.count < 500 {
            if let prefix = secretPrefixes.first(where: { rest.starts(with: $0) }) {
                bytes.append(contentsOf: prefix)
                bytes.append(contentsOf: "•••".utf8)
                rest = rest.dropFirst(prefix.count).drop(while: isTokenByte)
            } else {
                bytes.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let secretPrefixes = ["sk_prod_", "sk_dev_", "whsec_", "Bearer ", "bearer ", "Basic "].map { Array($0.utf8) }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E, 0x2F, 0x3D, 0x5F, 0x7E: true
        default: false
        }
    }
}
