/// The bounds of the client. Times are upper bounds; a request's own deadline cuts all of them.
package struct OutboundLimits: Sendable {
    /// One name look-up.
    package var lookup: Duration = .seconds(5)
    /// Connecting, over all addresses that are tried.
    package var connect: Duration = .seconds(5)
    /// The TLS handshake.
    package var tls: Duration = .seconds(5)
    /// How long an unused connection is kept.
    package var idle: Duration = .seconds(60)
    /// Open connections in all; also the bound of file descriptors used.
    package var connections: Int = 512
    /// Open connections to one scheme, host and port.
    package var connectionsPerOrigin: Int = 64
    /// Requests that wait for a connection, in all; one more is refused at once.
    package var waiting: Int = 10_000
    /// Threads for blocking name look-ups, at most 16.
    package var lookupThreads: Int = 16

    package init() {}
}

/// What happened so far, for `/metrics`. Counts only grow; the last three are of this moment.
package struct OutboundCounters: Sendable, Hashable {
    package var connectionsOpened = 0
    package var connectionsReused = 0
    package var connectionsOpen = 0
    package var connectionsIdle = 0
    package var requestsWaiting = 0
}
