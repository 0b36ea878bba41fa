import Core
import NIOCore

/// Writes the request's bytes: request line, `Host`, the caller's headers in their order and case, `Content-Length`.
enum RequestEncoder {
    /// The encoded request. Small bodies travel in the first buffer, so that one write and one TLS record carry all.
    struct Encoded: Sendable {
        let head: ByteBuffer
        let body: ByteBuffer?
    }

    private static let smallBody = 16_384
    /// Framing belongs to the client: these headers are left out when a caller sets them.
    private static let own: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect",
        "proxy-connection",
    ]

    static func encode(_ request: OutboundRequest, to url: OutboundURL) throws(Failure) -> Encoded {
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(\.isTokenByte) else {
            throw Failure(.invalid_url, "The request's method is not one.", isBeforeEffect: true)
        }
        let isSmall = request.body.count <= smallBody
        var head = ByteBuffer()
        head.reserveCapacity(512 + url.target.utf8.count + (isSmall ? request.body.count : 0))
        head.writeString(request.method)
        head.writeStaticString(" ")
        head.writeString(url.target)
        head.writeStaticString(" HTTP/1.1\r\nHost: ")
        head.writeString(url.hostHeader)
        head.writeStaticString("\r\n")
        for (name, value) in request.headers {
            guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenByte) else {
                throw Failure(.invalid_url, "A header's name has characters that no name may have.", isBeforeEffect: true)
            }
            guard !value.utf8.contains(where: \.isForbiddenInHeader) else {
                throw Failure(
                    .invalid_url, "The value of the header \(name) has a line break or another control character.",
                    isBeforeEffect: true)
            }
            // The longest of them has 17 letters; most headers are told apart without lowering their case.
            if name.utf8.count <= 17, own.contains(name.lowercased()) { continue }
            head.writeString(name)
            head.writeStaticString(": ")
            head.writeString(value)
            head.writeStaticString("\r\n")
        }
        if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            head.writeStaticString("Content-Length: ")
            head.writeString(String(request.body.count))
            head.writeStaticString("\r\n")
        }
        head.writeStaticString("\r\n")
        if isSmall {
            head.writeBytes(request.body)
            return Encoded(head: head, body: nil)
        }
        return Encoded(head: head, body: ByteBuffer(bytes: request.body))
    }
}
