import Core

/// What a worker answers: a line of JSON, then the pictures one after the other, the cleaned original first.
enum WorkerReply: Hashable {
    case pictures([[UInt8]])
    /// What is wrong with the file.
    case refused(String)

    /// The longest reply that is read.
    static let longest = 200_000_000
    private static let longestHead = 16_384

    /// What is sent before the pictures.
    var head: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        switch self {
        case .pictures(let pictures):
            writer.key("bytes")
            writer.beginArray()
            for picture in pictures { writer.int(Int64(picture.count)) }
            writer.endArray()
        case .refused(let issue):
            writer.key("refused"); writer.string(issue)
        }
        writer.endObject()
        return writer.bytes + [0x0A]
    }

    /// Nil for anything but exactly such an answer with that many pictures: a worker may have been taken over by the file.
    init?(_ bytes: [UInt8], pictures expected: Int) {
        guard let end = bytes.prefix(Self.longestHead).firstIndex(of: 0x0A),
            let json = try? JSONValue(parsing: Array(bytes[..<end]))
        else { return nil }
        if let issue = json["refused"]?.string {
            self = .refused(issue)
            return
        }
        guard let list = json["bytes"]?.array, list.count == expected else { return nil }
        var pictures: [[UInt8]] = []
        var offset = end + 1
        for element in list {
            guard let count = element.int, count > 0, count <= Int64(bytes.count - offset) else { return nil }
            pictures.append(Array(bytes[offset..<offset + Int(count)]))
            offset += Int(count)
        }
        guard offset == bytes.count else { return nil }
        self = .pictures(pictures)
    }
}
