import Core
import NIOCore
import NIOPosix
import NIOSSL

/// Opens connections to vetted addresses.
struct ConnectionOpener: Sendable {
    let group: any EventLoopGroup
    let tls: TLSContexts
    let proxy: EgressProxy?
    let pool: ConnectionPool
    let limits: OutboundLimits
    let now: @Sendable () -> Instant

    /// More addresses than this are not tried.
    private static let maximumTries = 4

    /// Tries the addresses in turn until one accepts; each gets an equal share of the time that is left for connecting, so
    /// that a first address that swallows packets leaves time for the second.
    func open(
        _ url: OutboundURL, addresses: [IPAddress], identity: ClientIdentity?, before deadline: NIODeadline
    ) async throws(Failure) -> Opened {
        let end = min(deadline, .now() + limits.connect.timeAmount)
        let candidates = addresses.prefix(Self.maximumTries)
        var first: Failure?
        for (index, address) in candidates.enumerated() {
            let left = end - .now()
            guard left > .nanoseconds(0), !Task.isCancelled else { break }
            let share = TimeAmount.nanoseconds(max(left.nanoseconds / Int64(candidates.count - index), 1_000_000))
            let started = NIODeadline.now()
            let (connection, result) = await connect(
                url, to: address, identity, within: share, deadline: deadline)
            switch result {
            case .opened(let connectedAt, let securedAt):
                return Opened(
                    connection: connection, connect: (connectedAt - started).inMilliseconds,
                    tls: securedAt.map { ($0 - connectedAt).inMilliseconds })
            case .failed(let failure, let mayTryNext):
                guard mayTryNext else { throw failure }
                first = first ?? failure
            }
        }
        if Task.isCancelled { throw .cancelled(isBeforeEffect: true) }
        throw first
            ?? Failure(.connect_timeout, "There was no time left to connect to \(url.hostHeader).", isBeforeEffect: true)
    }

    struct Opened: Sendable {
        let connection: HTTPConnection
        /// Milliseconds.
        let connect: Double
        let tls: Double?
    }

    private func connect(
        _ url: OutboundURL, to address: IPAddress, _ identity: ClientIdentity?, within limit: TimeAmount,
        deadline: NIODeadline
    ) async -> (HTTPConnection, HTTPConnection.Opening) {
        let loop = group.next()
        let connection = HTTPConnection(
            origin: Origin(url, identity: identity), address: address, eventLoop: loop, pool: pool, limits: limits,
            deadline: deadline, now: now)
        let proxy = self.proxy.flatMap { $0.serves(url.host, address) ? $0 : nil }
        connection.isProxied = proxy != nil
        // SNI and the check of the certificate go by the host's name; an address has no SNI and is checked as an address.
        let serverName = url.address == nil ? url.host : nil
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(limit)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let proxy {
                        try channel.pipeline.syncOperations.addHandler(
                            ProxyHandshake(proxy, target: address, port: url.port, limit: limit))
                    }
                    let context = url.isTLS ? try tls.context(for: identity) : nil
                    try connection.install(in: channel, tls: context, serverName: serverName)
                }
            }
        do {
            let socketAddress = try proxy?.address ?? SocketAddress(ipAddress: address.description, port: url.port)
            bootstrap.connect(to: socketAddress).whenFailure { connection.connectFailed($0, limit: limit) }
        } catch {
            loop.execute { connection.connectFailed(error, limit: limit) }
        }
        return (connection, await connection.opened())
    }
}
