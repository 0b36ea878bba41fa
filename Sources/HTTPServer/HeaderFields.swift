import Contract
import HTTPTypes

// Names that are not in HTTPTypes, made once: parsing a name costs more than appending its field.
extension HTTPField.Name {
    static let requestID = known("X-Request-Id")
    static let rateLimitLimit = known("X-RateLimit-Limit")
    static let rateLimitRemaining = known("X-RateLimit-Remaining")
    static let rateLimitReset = known("X-RateLimit-Reset")
    static let rateLimitPolicy = known("RateLimit-Policy")
    static let rateLimit = known("RateLimit")
    static let apiVersion = known(APIHistory.header)

    private static func known(_ name: String) -> HTTPField.Name {
        guard let known = HTTPField.Name(name) else { preconditionFailure("\(name) is no header name") }
        return known
    }
}

extension HTTPField {
    static let json = HTTPField(name: .contentType, value: "application/json; charset=utf-8")
    static let problem = HTTPField(name: .contentType, value: "application/problem+json; charset=utf-8")
    static let noStore = HTTPField(name: .cacheControl, value: "no-store")
    static let noSniff = HTTPField(name: .xContentTypeOptions, value: "nosniff")
    static let varyEncoding = HTTPField(name: .vary, value: "Accept-Encoding")
    static let varyAccept = HTTPField(name: .vary, value: "Accept")
    static let close = HTTPField(name: .connection, value: "close")
    /// Any page may call the API: a key travels in a header that no browser adds by itself, never in a cookie.
    static let anyOrigin = HTTPField(name: .accessControlAllowOrigin, value: "*")
    static let exposed = HTTPField(
        name: .accessControlExposeHeaders,
        value: "ETag, Link, Location, Retry-After, X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, "
            + "RateLimit, RateLimit-Policy, Idempotency-Replayed, Audenci-Version, X-Next-Cursor")
    static let challenge = HTTPField(name: .wwwAuthenticate, value: "Bearer")
}

extension HTTPFields {
    /// Sets what a handler asked for: names that are no header names are left out, single-valued fields replace ours.
    mutating func merge(_ headers: [(name: String, value: String)]) {
        for (text, value) in headers {
            guard let name = HTTPField.Name(text) else { continue }
            if name == .contentType || name == .cacheControl || name == .vary {
                self[name] = value
            } else {
                append(HTTPField(name: name, value: value))
            }
        }
    }
}
