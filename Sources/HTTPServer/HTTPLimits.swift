/// What one request and one connection may cost.
package struct HTTPLimits: Sendable {
    /// Bytes of a body; a larger one is 413.
    package var maximumBodyBytes = 1_048_576
    /// From the request's head to the last byte of its body; what is slower is 408. Raise it together with the body limit
    /// where large uploads are taken.
    package var bodyDeadline: Duration = .seconds(30)
    /// How much longer a connection may take to deliver a body that nobody reads any more, before it is closed.
    package var bodyGrace: Duration = .seconds(5)
    /// Bytes of the request target, path and query together; a longer one is 400.
    package var maximumTargetBytes = 8192
    package var maximumQueryParameters = 100
    /// Bytes of one header field, and of all of them; what is larger is 400 and the connection is closed.
    package var maximumHeaderBytes = 16_384
    package var maximumHeaderCount = 100
    /// A connection on which nothing happens for this long is closed; slow request heads end here too.
    package var idleTimeout: Duration = .seconds(60)
    /// Open connections; further ones wait in the backlog of the listening socket.
    package var maximumConnections = 10_000

    package init() {}

    /// The same with another body limit, and a minute for each further 16 MiB of it.
    func raised(to bodyBytes: Int?) -> HTTPLimits {
        guard let bodyBytes else { return self }
        var limits = self
        limits.maximumBodyBytes = bodyBytes
        limits.bodyDeadline += .seconds(60 * (bodyBytes / 16_777_216))
        return limits
    }
}
