/// One request to the outside world. What it means to be outside, and which addresses may be reached, is the transport's
/// business; what is said is the caller's.
package struct OutboundRequest: Sendable {
    /// Method, in upper case.
    package var method: String
    /// Absolute `https:` (or, where the transport allows it, `http:`) URL.
    package var url: String
    /// Sent in this order, after `Host`; `Content-Length` is added.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Hard limit for everything: name look-up, connect, TLS, sending, and the last byte of the answer's body.
    package var deadline: Duration
    /// At most this much of the answer's body is kept; what exceeds it ends the exchange with `isTruncated`.
    package var maximumResponseBytes: Int
    /// True: a kept-alive connection may be used, and when the peer turns out to have closed it before any byte of an
    /// answer, the request is sent once more on a new connection. The peer may then have seen it twice, so a request
    /// that must not happen twice (a publication without an idempotency key) says false and gets a new connection.
    package var retriesStaleConnection: Bool
    /// What mutual TLS shows the peer; nil: nothing.
    package var identity: ClientIdentity?

    package init(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        deadline: Duration = .seconds(15), maximumResponseBytes: Int = 131_072, retriesStaleConnection: Bool = true,
        identity: ClientIdentity? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.deadline = deadline
        self.maximumResponseBytes = maximumResponseBytes
        self.retriesStaleConnection = retriesStaleConnection
        self.identity = identity
    }
}

/// What came back. Any status is an answer, not an error; redirects are answers too and are never followed.
package struct OutboundResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// True when `body` is not the whole body: it was longer than `maximumResponseBytes`, or it was to end with the
    /// connection and TLS was cut off without its farewell. `body` holds the part up to there.
    package var isTruncated: Bool
    package var phases: OutboundPhases
    /// The address that was talked to, for the log.
    package var remoteAddress: String?

    package init(
        status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = [], isTruncated: Bool = false,
        phases: OutboundPhases = .init(), remoteAddress: String? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isTruncated = isTruncated
        self.phases = phases
        self.remoteAddress = remoteAddress
    }

    /// The first header of that name, in any case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// How long each part took, in milliseconds with fraction; nil for a part that did not happen (a reused connection has
/// no dns, connect and tls).
package struct OutboundPhases: Sendable, Hashable {
    package var dns: Double?
    package var connect: Double?
    package var tls: Double?
    /// From the request's first byte to the answer's first byte.
    package var ttfb: Double?
    package var total: Double
    /// True when a kept-alive connection served the request.
    package var reusedConnection: Bool

    package init(
        dns: Double? = nil, connect: Double? = nil, tls: Double? = nil, ttfb: Double? = nil, total: Double = 0,
        reusedConnection: Bool = false
    ) {
        self.dns = dns
        self.connect = connect
        self.tls = tls
        self.ttfb = ttfb
        self.total = total
        self.reusedConnection = reusedConnection
    }
}

/// Why no answer came.
package struct OutboundError: Error, Sendable, CustomStringConvertible {
    /// The classes that logs, metrics and retry decisions use.
    package enum Class: String, Sendable, CaseIterable {
        case dns_error, connect_refused, connect_timeout, network_unreachable, tls_untrusted, tls_expired, tls_hostname,
            tls_error, timeout, body_timeout, connection_reset, blocked_address, invalid_url, invalid_response, not_sent
    }
    package let errorClass: Class
    /// A sentence for the user: what happened and what to do. Never a secret: no query string, no header value.
    package let message: String
    /// True when no byte of the request can have reached the peer's application: trying again cannot do a thing twice.
    package let isBeforeEffect: Bool
    package let phases: OutboundPhases

    package init(_ errorClass: Class, _ message: String, isBeforeEffect: Bool, phases: OutboundPhases = .init()) {
        self.errorClass = errorClass
        self.message = message
        self.isBeforeEffect = isBeforeEffect
        self.phases = phases
    }

    package var description: String { "\(errorClass.rawValue): \(message)" }
}

/// The one way out. The real one is the guarded client; in-process simulators of platforms are another.
package protocol Transport: Sendable {
    /// Sends one request and returns the whole answer.
    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse
}
