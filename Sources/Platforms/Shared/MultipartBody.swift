/// `multipart/form-data` (RFC 7578), written by connectors and read by simulators.
struct MultipartBody {
    struct Part {
        var name: String
        var filename: String?
        var contentType: String?
        var bytes: [UInt8]
    }

    private(set) var bytes: [UInt8] = []
    private let boundary: String

    /// - Parameter seed: text that a picture's author does not know, such as a digest of the idempotency key, so that no
    ///   picture can hold the boundary.
    init(seed: String) { boundary = "audenci-\(seed)" }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    mutating func add(_ name: String, _ value: String) {
        open("name=\"\(name)\"")
        append("\r\n\(value)\r\n")
    }

    mutating func addFile(_ name: String, filename: String, contentType: String, bytes file: [UInt8]) {
        bytes.reserveCapacity(bytes.count + file.count + 512)
        open("name=\"\(name)\"; filename=\"\(filename)\"")
        append("Content-Type: \(contentType)\r\n\r\n")
        bytes.append(contentsOf: file)
        append("\r\n")
    }

    /// The whole body, closed.
    func closed() -> [UInt8] { bytes + Array("--\(boundary)--\r\n".utf8) }

    private mutating func open(_ disposition: String) {
        append("--\(boundary)\r\nContent-Disposition: form-data; \(disposition)\r\n")
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}

extension MultipartBody {
    /// The parts of a body; nil when the content type names no boundary or the body does not keep to it.
    static func parts(of body: [UInt8], contentType: String) -> [Part]? {
        guard contentType.lowercased().hasPrefix("multipart/form-data"), let boundary = parameter("boundary", of: contentType),
            !boundary.isEmpty
        else { return nil }
        let delimiter = Array("--\(boundary)".utf8)
        guard body.starts(with: delimiter) else { return nil }
        let separator = Array("\r\n".utf8) + delimiter
        var parts: [Part] = []
        var start = delimiter.count
        while true {
            let rest = body[start...]
            if rest.starts(with: Array("--".utf8)) { return parts }
            guard rest.starts(with: Array("\r\n".utf8)), let end = firstIndex(of: separator, in: rest),
                let part = part(rest[(start + 2)..<max(end, start + 2)])
            else { return nil }
            parts.append(part)
            start = end + separator.count
        }
    }

    private static func part(_ bytes: ArraySlice<UInt8>) -> Part? {
        let blank = Array("\r\n\r\n".utf8)
        guard let headEnd = firstIndex(of: blank, in: bytes) else { return nil }
        var part = Part(name: "", bytes: Array(bytes[(headEnd + blank.count)...]))
        for line in String(decoding: bytes[..<headEnd], as: UTF8.self).split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = String(line[line.index(after: colon)...].drop { $0 == " " })
            switch line[..<colon].lowercased() {
            case "content-disposition":
                part.name = parameter("name", of: value) ?? ""
                part.filename = parameter("filename", of: value)
            case "content-type": part.contentType = value
            default: break
            }
        }
        return part.name.isEmpty ? nil : part
    }

    private static func parameter(_ name: String, of header: String) -> String? {
        for piece in header.split(separator: ";").dropFirst() {
            let piece = piece.drop { $0 == " " }
            guard piece.lowercased().hasPrefix(name + "=") else { continue }
            let value = piece.dropFirst(name.count + 1)
            return value.hasPrefix("\"") ? String(value.dropFirst().prefix { $0 != "\"" }) : String(value)
        }
        return nil
    }

    /// Bytes are compared one by one; the needle starts with a rare byte, so that this is linear in practice.
    private static func firstIndex(of needle: [UInt8], in haystack: ArraySlice<UInt8>) -> Int? {
        guard let first = needle.first else { return nil }
        var from = haystack.startIndex
        while let candidate = haystack[from...].firstIndex(of: first) {
            if haystack[candidate...].starts(with: needle) { return candidate }
            from = candidate + 1
        }
        return nil
    }
}
