import Contract
import Core
import HTTPTypes
import Hummingbird
import Metering
import NIOCore

extension Exchange {
    /// The answer of a handler; 304 for a reader who has it already.
    func response(to reply: Reply, for request: APIRequest? = nil) -> Response {
        var fields = commonFields(.json)
        if !reply.headers.isEmpty { fields.merge(reply.headers) }
        let isCompressed = request.map { ContentEncoding.shallCompress(reply, for: $0, &fields) } ?? false
        if let tag = reply.entityTag {
            // Other bytes may not have the same strong tag (RFC 9110, section 8.8.3.3); `If-Match` takes both.
            fields.append(HTTPField(name: .eTag, value: isCompressed ? "W/" + tag : tag))
            if let request, request.method == "GET" || request.method == "HEAD",
                let known = request.header("if-none-match"), EntityTag.list(known, names: tag)
            {
                return Response(status: .notModified, headers: fields)
            }
        }
        var reply = reply
        if isCompressed, let body = Gzip.compress(reply.body) {
            fields[.contentEncoding] = "gzip"
            reply.body = body
        }
        return Response(status: Self.status(reply.status), headers: fields, body: Self.body(of: reply))
    }

    private static func body(of reply: Reply) -> ResponseBody {
        guard let stream = reply.stream else { return .init(byteBuffer: ByteBuffer(bytes: reply.body)) }
        return .init { writer in
            // A reader that goes away ends the stream; that is no error of ours.
            try await stream { piece in try await writer.write(ByteBuffer(bytes: piece)) }
            try await writer.finish(nil)
        }
    }

    /// The envelope of an error, or RFC 9457 when the caller asks for it.
    func response(to error: APIError, accept: String?) -> Response {
        let isProblem = accept?.lowercased().contains("application/problem+json") ?? false
        var fields = commonFields(isProblem ? .problem : .json)
        fields.append(.varyAccept)
        fields.merge(error.headers)
        switch error.code {
        case .unauthorized where !fields.contains(.wwwAuthenticate): fields.append(.challenge)
        case .unavailable where !fields.contains(.retryAfter): fields.append(HTTPField(name: .retryAfter, value: "1"))
        default: break
        }
        let body =
            isProblem
            ? error.problem(requestID: requestID, publicURL: environment.publicURL)
            : error.body(requestID: requestID, publicURL: environment.publicURL)
        return Response(
            status: Self.status(error.code.status), headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    private func commonFields(_ contentType: HTTPField) -> HTTPFields {
        var fields = HTTPFields()
        fields.reserveCapacity(20)
        fields.append(contentType)
        fields.append(.noStore)
        fields.append(.noSniff)
        fields.append(.anyOrigin)
        fields.append(.exposed)
        fields.append(HTTPField(name: .requestID, value: requestID))
        if let version { fields.append(HTTPField(name: .apiVersion, value: version.date)) }
        if let allowance { appendRateLimit(allowance, to: &fields) }
        return fields
    }

    /// The `X-` fields that everybody knows, and the pair of draft-ietf-httpapi-ratelimit-headers.
    private func appendRateLimit(_ allowance: Allowance, to fields: inout HTTPFields) {
        let limit = String(allowance.limit)
        let remaining = String(allowance.remaining)
        fields.append(HTTPField(name: .rateLimitLimit, value: limit))
        fields.append(HTTPField(name: .rateLimitRemaining, value: remaining))
        fields.append(HTTPField(name: .rateLimitReset, value: String(allowance.resetsAt.seconds)))
        fields.append(HTTPField(name: .rateLimitPolicy, value: "\"hour\";q=" + limit + ";w=3600"))
        fields.append(
            HTTPField(name: .rateLimit, value: "\"hour\";r=" + remaining + ";t=" + String(secondsToReset(allowance))))
    }

    /// Rounded up: waiting that long is enough.
    func secondsToReset(_ allowance: Allowance) -> Int64 {
        let milliseconds = (allowance.resetsAt - environment.ambient.now()).inMilliseconds
        return max(milliseconds &+ 999, 0) / 1000
    }

    private static func status(_ code: Int) -> HTTPResponse.Status { .init(integerLiteral: min(max(code, 100), 599)) }
}
