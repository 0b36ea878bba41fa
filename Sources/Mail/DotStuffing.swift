/// How a mail goes over the wire after DATA (RFC 5321, section 4.5.2).
enum DotStuffing {
    /// `mail`, which ends in CR LF, with every dot at a line's beginning doubled, and the line with one dot that ends it.
    static func wire(_ mail: [UInt8]) -> [UInt8] {
        var wire: [UInt8] = []
        wire.reserveCapacity(mail.count + 64)
        var isLineStart = true
        for byte in mail {
            if isLineStart, byte == UInt8(ascii: ".") { wire.append(byte) }
            wire.append(byte)
            isLineStart = byte == 0x0A
        }
        return wire + Array(".\r\n".utf8)
    }
}
