import Core

/// `multipart/form-data` (RFC 7578), as browsers and curl send it: read whole, strictly.
package struct MultipartForm: Sendable {
    package struct Part: Sendable {
        package var name: String
        /// Nil for a field that is no file.
        package var filename: String?
        package var bytes: [UInt8]
    }

    package var parts: [Part] = []
    private static let mostParts = 50

    /// - Throws: 400 for what is framed wrongly.
    package init(_ body: [UInt8], contentType: String) throws(APIError) {
        guard let boundary = Self.parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count) else {
            throw APIError.invalid("Content-Type", "must name a boundary of 1 to 70 characters")
        }
        let delimiter = Array("--\(boundary)".utf8)
        guard var start = Self.find(delimiter, in: body, from: 0) else { throw Self.broken("its boundary is missing") }
        while true {
            start += delimiter.count
            if body[start...].starts(with: [0x2D, 0x2D]) { return }
            guard body[start...].starts(with: [0x0D, 0x0A]) else { throw Self.broken("a boundary has no line end") }
            guard let next = Self.find([0x0D, 0x0A] + delimiter, in: body, from: start) else {
                throw Self.broken("it ends early")
            }
            try add(body[(start + 2)..<max(next, start + 2)])
            start = next + 2
        }
    }

    private mutating func add(_ part: ArraySlice<UInt8>) throws(APIError) {
        guard parts.count < Self.mostParts else { throw Self.broken("it has more than \(Self.mostParts) parts") }
        let bytes = Array(part)
        guard let end = Self.find([0x0D, 0x0A, 0x0D, 0x0A], in: bytes, from: 0), end < 4096 else {
            throw Self.broken("a part has no header, or one longer than 4096 bytes")
        }
        let header = String(decoding: bytes[..<end], as: UTF8.self)
        let lines = header.split(whereSeparator: \.isNewline)
        guard let disposition = lines.first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
            let name = Self.parameter("name", of: String(disposition))
        else { throw Self.broken("a part has no name") }
        parts.append(
            Part(name: name, filename: Self.parameter("filename", of: String(disposition)), bytes: Array(bytes[(end + 4)...])))
    }

    private static func broken(_ why: String) -> APIError { .invalid("", "is no multipart/form-data: \(why)") }

    /// A parameter of a header's value, quoted or not.
    private static func parameter(_ name: String, of header: String) -> String? {
        for piece in pieces(of: header).dropFirst() {
            guard let equals = piece.firstIndex(of: "=") else { continue }
            let key = piece[..<equals].filter { $0 != " " }.lowercased()
            guard key == name else { continue }
            let value = piece[piece.index(after: equals)...]
            guard value.first == "\"", value.last == "\"", value.count >= 2 else { return String(value) }
            return String(value.dropFirst().dropLast().replacing("\\\"", with: "\"").replacing("%22", with: "\""))
        }
        return nil
    }

    /// Splits at semicolons that are not quoted.
    private static func pieces(of header: String) -> [String] {
        var pieces = [""]
        var isQuoted = false
        for character in header {
            if character == "\"" { isQuoted.toggle() }
            if character == ";", !isQuoted { pieces.append("") } else { pieces[pieces.count - 1].append(character) }
        }
        return pieces
    }

    /// The first place of `needle` at `start` or later.
    private static func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let first = needle.first, bytes.count - start >= needle.count else { return nil }
        var index = start
        let last = bytes.count - needle.count
        while index <= last {
            guard let candidate = bytes[index...last].firstIndex(of: first) else { return nil }
            if bytes[candidate...].starts(with: needle) { return candidate }
            index = candidate + 1
        }
        return nil
    }
}

/// A file as the body: either `multipart/form-data` with a part `file`, or the bytes themselves.
package struct FileBody: RequestPart {
    package init() {}

    package struct File: Sendable {
        package var filename: String?
        package var bytes: [UInt8]
    }

    package func extract(from request: APIRequest, issues: inout [FieldIssue]) throws(APIError) -> File? {
        guard !request.body.isEmpty else {
            throw APIError(.invalidRequest, "The body is empty; send a file.", details: [FieldIssue("file", "is required")])
        }
        let type = request.header("content-type") ?? ""
        guard type.lowercased().hasPrefix("multipart/") else {
            guard !type.lowercased().hasPrefix("application/json") else {
                throw APIError(
                    .unsupportedMediaType,
                    "Send the file as multipart/form-data with a part named file, or its bytes with its own Content-Type.")
            }
            return File(filename: nil, bytes: request.body)
        }
        let form = try MultipartForm(request.body, contentType: type)
        guard let part = form.parts.first(where: { $0.name == "file" }) else {
            issues.append(FieldIssue("file", "is required: a part of this name with the file"))
            return nil
        }
        return File(filename: part.filename, bytes: part.bytes)
    }

    package func describe(into operation: inout OperationDescription) {
        let bytes: JSONValue = ["type": "string", "contentEncoding": "binary"]
        let content: JSONValue = ["schema": bytes, "example": "(the bytes of the file)"]
        operation.requestBody = [
            "required": true,
            "content": [
                "multipart/form-data": [
                    "schema": ["type": "object", "properties": ["file": bytes], "required": ["file"]],
                    "example": ["file": "@photo.jpg"],
                ],
                "application/octet-stream": content, "image/*": content, "video/*": content,
            ],
        ]
    }
}
