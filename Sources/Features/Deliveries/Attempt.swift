package import Contract
package import Core

/// One HTTP request of a delivery, and what came of it.
package struct Attempt: Sendable {
    package var number: Int
    package var trigger: Delivery.Trigger
    package var startedAt: Instant
    package var durationMS: Int64
    package var statusCode: Int?
    package var errorClass: String?
    package var error: String?
    /// `{"url","headers"}`, secrets redacted; rendered when it was made.
    package var request: RawJSON<AttemptRequest>
    /// `{"headers","body","truncated",...}`; nil when no answer came.
    package var response: RawJSON<AttemptResponse>?
    /// Milliseconds of each phase.
    package var phases: RawJSON<AttemptPhases>

    package init(
        number: Int, trigger: Delivery.Trigger, startedAt: Instant, durationMS: Int64, statusCode: Int?, errorClass: String?,
        error: String?, request: RawJSON<AttemptRequest>, response: RawJSON<AttemptResponse>?, phases: RawJSON<AttemptPhases>
    ) {
        self.number = number
        self.trigger = trigger
        self.startedAt = startedAt
        self.durationMS = durationMS
        self.statusCode = statusCode
        self.errorClass = errorClass
        self.error = error
        self.request = request
        self.response = response
        self.phases = phases
    }
}

extension Attempt: APIObject {
    package static let name = "Attempt"
    package static let properties: [Property<Self>] = [
        Property("number", "1 for the first.") { $0.number },
        Property("trigger", "Who asked for it.") { $0.trigger },
        Property("startedAt", "When it began.") { $0.startedAt },
        Property("durationMs", "How long it took, the answer's body included.") { $0.durationMS },
        Property("statusCode", "The answer's status; null when none came.") { $0.statusCode },
        Property("errorClass", "What kind of failure it was: dns_error, tls_untrusted, timeout, http_5xx, ...") {
            $0.errorClass
        },
        Property("error", "What happened and what to do.") { $0.error },
        Property("request", "What was sent; values of custom headers are redacted.") { $0.request },
        Property("response", "What came back.") { $0.response },
        Property("phases", "How long each part took, in milliseconds.") { $0.phases },
    ]
    package static let example = Attempt(
        number: 1, trigger: .auto, startedAt: Instant(seconds: 1_770_114_600), durationMS: 12, statusCode: 204, errorClass: nil,
        error: nil, request: RawJSON(rendering: AttemptRequest.example), response: RawJSON(rendering: AttemptResponse.example),
        phases: RawJSON(rendering: AttemptPhases.example))
}

/// The request of an attempt, as the log shows it.
package struct AttemptRequest: APIObject {
    package var url: String
    package var headers: [(name: String, value: String)]

    package init(url: String, headers: [(name: String, value: String)]) {
        self.url = url
        self.headers = headers
    }

    package static let name = "AttemptRequest"
    package static let properties: [Property<Self>] = [
        Property("url", "Where it went.") { $0.url },
        Property("headers", "Its headers, in order.") { NamedValues($0.headers.map { (name: $0.name, value: $0.value) }) },
    ]
    package static let example = AttemptRequest(
        url: "https://your-domain.com/webhook", headers: [("Content-Type", "application/json")])
}

/// The answer of an attempt, as the log shows it.
package struct AttemptResponse: APIObject {
    package var headers: [(name: String, value: String)]
    /// Text, or base64 when it was not UTF-8.
    package var body: String
    package var isBase64: Bool
    package var isTruncated: Bool

    package init(headers: [(name: String, value: String)], body: String, isBase64: Bool, isTruncated: Bool) {
        self.headers = headers
        self.body = body
        self.isBase64 = isBase64
        self.isTruncated = isTruncated
    }

    package static let name = "AttemptResponse"
    package static let properties: [Property<Self>] = [
        Property("headers", "Its headers, in order; of repeated ones the first.") { NamedValues($0.headers) },
        Property("body", "The first 16 KiB of its body.") { $0.body },
        Property("base64", "Whether `body` is base64, because the answer was not UTF-8.") { $0.isBase64 },
        Property("truncated", "Whether there was more.") { $0.isTruncated },
    ]
    package static let example = AttemptResponse(
        headers: [("Content-Length", "0")], body: "", isBase64: false, isTruncated: false)
}

/// Milliseconds of each part of an attempt; null for a part that did not happen.
package struct AttemptPhases: APIObject {
    package var queue: Double?
    package var dns: Double?
    package var connect: Double?
    package var tls: Double?
    package var ttfb: Double?
    package var total: Double
    package var isConnectionReused: Bool
    package var remoteAddress: String?

    package init(
        queue: Double?, dns: Double?, connect: Double?, tls: Double?, ttfb: Double?, total: Double, isConnectionReused: Bool,
        remoteAddress: String?
    ) {
        self.queue = queue
        self.dns = dns
        self.connect = connect
        self.tls = tls
        self.ttfb = ttfb
        self.total = total
        self.isConnectionReused = isConnectionReused
        self.remoteAddress = remoteAddress
    }

    package static let name = "AttemptPhases"
    package static let properties: [Property<Self>] = [
        Property("queue", "From when it was due to when it began.") { $0.queue },
        Property("dns", "Name look-up.") { $0.dns },
        Property("connect", "TCP connection.") { $0.connect },
        Property("tls", "TLS handshake.") { $0.tls },
        Property("ttfb", "From the request to the answer's first byte.") { $0.ttfb },
        Property("total", "All of it.") { $0.total },
        Property("reusedConnection", "Whether a kept-alive connection served it.") { $0.isConnectionReused },
        Property("remoteAddress", "The address that was talked to.") { $0.remoteAddress },
    ]
    package static let example = AttemptPhases(
        queue: 1, dns: 0.3, connect: 1, tls: 5, ttfb: 4, total: 11.5, isConnectionReused: false,
        remoteAddress: "93.184.216.34:443")
}
