import Contract
import HTTPTypes

/// `Content-Encoding` of requests and answers: gzip, or nothing.
enum ContentEncoding {
    /// Below this, what is saved is less than what it costs.
    static let least = 1024

    /// True when this caller shall get the answer compressed. Streams go as they are, so that each piece arrives when it is
    /// sent, and so does what is compressed already, such as pictures.
    static func shallCompress(_ reply: Reply, for request: APIRequest, _ fields: inout HTTPFields) -> Bool {
        guard reply.stream == nil, reply.body.count >= least, fields[.contentEncoding] == nil,
            isCompressible(fields[.contentType] ?? "")
        else { return false }
        fields.append(.varyEncoding)
        return AcceptEncoding.allowsGzip(request.header("accept-encoding"))
    }

    private static func isCompressible(_ contentType: String) -> Bool {
        let type = contentType.prefix { $0 != ";" }.lowercased()
        return type.hasPrefix("text/") || type.hasSuffix("json") || type.hasSuffix("xml") || type.hasSuffix("yaml")
    }

    /// The body of a request as it was before its sender encoded it.
    /// - Throws: 413 when more than `limit` bytes come out, 400 for what is no gzip, 415 for another encoding.
    static func decode(_ body: [UInt8], _ encoding: String?, limit: Int) throws(APIError) -> [UInt8] {
        guard let encoding = encoding?.lowercased(), encoding != "identity", !body.isEmpty else { return body }
        guard encoding == "gzip" || encoding == "x-gzip" else {
            throw APIError(
                .unsupportedMediaType,
                "Send the body as it is, or with Content-Encoding: gzip; \(encoding.prefix(80)) is not known here.",
                headers: [("Accept-Encoding", "gzip")])
        }
        do throws(Gzip.Failure) {
            return try Gzip.decompress(body, limit: limit)
        } catch {
            switch error {
            case .tooLarge:
                throw APIError(.payloadTooLarge, "The body is larger than the \(limit) bytes that are accepted, once inflated.")
            case .malformed: throw APIError(.invalidRequest, "The body is not valid gzip, though Content-Encoding says so.")
            }
        }
    }
}

/// `Accept-Encoding` (RFC 9110, section 12.5.3).
enum AcceptEncoding {
    /// True when the caller takes gzip, and does not like the plain answer better.
    static func allowsGzip(_ header: String?) -> Bool {
        guard let header else { return false }
        var weights: [Substring: Double] = [:]
        for element in header.lowercased().split(separator: ",").prefix(20) {
            let parts = element.split(separator: ";").map { part in part.filter { $0 != " " && $0 != "\t" } }
            guard let name = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
            weights[name == "x-gzip" ? "gzip" : name[...]] = weight ?? 1
        }
        let gzip = weights["gzip"] ?? weights["*"] ?? 0
        return gzip > 0 && gzip >= weights["identity"] ?? 0
    }
}
