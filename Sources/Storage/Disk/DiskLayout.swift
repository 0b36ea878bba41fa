import Core

/// Which file holds which object.
///
/// A file's name is the whole key with commas for slashes, which no key holds: so `a` and `a/b` can both exist, no name
/// leads elsewhere, and an operator can still read it. The folders spread the files, 256 of them, by the key's checksum.
struct DiskLayout: Sendable {
    let folder: String

    /// Where files are written before they get their name. A whole object is never in here.
    var incoming: String { folder + "/incoming" }

    var shards: [String] { (0...UInt8.max).map { "\(folder)/\([$0].hexadecimal)" } }

    func shard(of key: ObjectKey) -> String {
        "\(folder)/\([UInt8(truncatingIfNeeded: crc32(key.text.utf8))].hexadecimal)"
    }

    func file(of key: ObjectKey) -> String {
        let name = key.text.utf8.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: ",") : $0 }
        return "\(shard(of: key))/\(String(decoding: name, as: UTF8.self))"
    }
}
