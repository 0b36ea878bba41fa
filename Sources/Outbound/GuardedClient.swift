package import Core
package import NIOCore
import NIOPosix
import NIOSSL

/// The real way out: HTTP/1.1 over TLS to vetted addresses only.
///
/// A name is resolved once, every answer is judged by the ``AddressPolicy``, and the connection goes to a judged address;
/// SNI and certificate check use the name. Redirects are answers: there is no code that follows one. Bodies are never
/// inflated. Every request ends by its deadline, whatever the peer does, and within the task's life: cancelling the task
/// closes its connection.
package final class GuardedClient: Transport, Sendable {
    /// Longest URL that is sent to, in bytes; what users enter is held to ``OutboundURL/maximumLength``.
    package static let maximumURLLength = 8_192

    package let policy: AddressPolicy
    private let names: NameService
    private let pool: ConnectionPool
    private let opener: ConnectionOpener
    private let limits: OutboundLimits
    private let group: any EventLoopGroup

    /// - Parameters:
    ///   - policy: which URLs and addresses may be reached.
    ///   - trust: a PEM file with certificate authorities that are trusted besides the system's.
    ///   - trustsSystem: false to trust the file's authorities only. (Reading the system's takes 7 to 12 ms, in debug
    ///     builds ten times that, which tests can do without.)
    ///   - proxy: the way out for every target that it does not except. Targets are vetted here all the same.
    ///   - resolver: turns names into addresses; it is called on threads of the client's own.
    ///   - now: the clock of the name cache and of certificate messages. Deadlines use the monotonic clock.
    /// - Throws: when the authorities cannot be read.
    package init(
        policy: AddressPolicy = .publicOnly, trust: String? = nil, trustsSystem: Bool = true,
        proxy: EgressProxy? = nil, resolver: any NameResolver = SystemResolver(), limits: OutboundLimits = .init(),
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        now: @escaping @Sendable () -> Instant = Ambient.live.now
    ) throws {
        self.policy = policy
        self.limits = limits
        group = eventLoopGroup
        names = NameService(resolver: resolver, threads: limits.lookupThreads, now: now)
        pool = ConnectionPool(limits)
        opener = ConnectionOpener(
            group: group, tls: try Self.makeContexts(trust, trustsSystem: trustsSystem), proxy: proxy, pool: pool,
            limits: limits, now: now)
    }

    /// Figures for `/metrics`.
    package var counters: OutboundCounters { pool.counters }

    /// Refuses new requests, lets those under way finish for at most `grace`, then ends them. The event loops stay.
    package func shutdown(grace: Duration = .seconds(15)) async {
        await pool.shutDown(before: .now() + grace.timeAmount, on: group)
    }

    package func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        let start = NIODeadline.now()
        var phases = OutboundPhases()
        do throws(Failure) {
            var response = try await attempt(request, start: start, phases: &phases)
            phases.total = (.now() - start).inMilliseconds
            response.phases = phases
            return response
        } catch {
            phases.total = (.now() - start).inMilliseconds
            throw OutboundError(error.errorClass, error.message, isBeforeEffect: error.isBeforeEffect, phases: phases)
        }
    }

    private func attempt(
        _ request: OutboundRequest, start: NIODeadline, phases: inout OutboundPhases
    ) async throws(Failure) -> OutboundResponse {
        let url: OutboundURL
        do throws(OutboundURLIssue) {
            url = try OutboundURL(request.url, policy: policy, maximumLength: Self.maximumURLLength)
        } catch {
            let isBlocked = error.code == .privateAddress || error.code == .localName
            throw Failure(isBlocked ? .blocked_address : .invalid_url, error.message, isBeforeEffect: true)
        }
        let encoded = try RequestEncoder.encode(request, to: url)
        let limit = request.deadline.timeAmount
        let deadline = start + limit
        let addresses = try await vettedAddresses(of: url, deadline: deadline, phases: &phases)
        var isFresh = !request.retriesStaleConnection
        while true {
            let (connection, isReused) = try await connection(
                to: url, addresses, request.identity, isFresh: isFresh, deadline: deadline, phases: &phases)
            let exchange = Exchange(
                encoded, method: request.method, maximumBodyBytes: request.maximumResponseBytes, deadline: deadline,
                limit: limit, isReused: isReused)
            switch await connection.perform(exchange) {
            case .answered(let response, let ttfb):
                phases.ttfb = ttfb
                return response
            case .failed(let failure): throw failure
            // Only a kept connection can be stale, and the second try opens a new one: this ends after two rounds.
            case .stale: isFresh = true
            }
        }
    }

    private func connection(
        to url: OutboundURL, _ addresses: [IPAddress], _ identity: ClientIdentity?, isFresh: Bool, deadline: NIODeadline,
        phases: inout OutboundPhases
    ) async throws(Failure) -> (HTTPConnection, isReused: Bool) {
        let origin = Origin(url, identity: identity)
        switch await pool.acquire(origin, addresses: addresses, isFresh: isFresh, deadline: deadline, on: group) {
        case .connection(let connection):
            phases.reusedConnection = true
            return (connection, true)
        case .permit:
            phases.reusedConnection = false
            do throws(Failure) {
                let opened = try await opener.open(url, addresses: addresses, identity: identity, before: deadline)
                (phases.connect, phases.tls) = (opened.connect, opened.tls)
                pool.opened(opened.connection)
                return (opened.connection, false)
            } catch {
                pool.returnPermit(origin)
                throw error
            }
        case .late: throw Failure(.timeout, "No connection to \(origin.name) became free in time.", isBeforeEffect: true)
        case .cancelled: throw .cancelled(isBeforeEffect: true)
        case .full: throw Failure(.timeout, "Too many requests wait for a connection.", isBeforeEffect: true)
        case .shutDown:
            throw Failure(.connection_reset, "This server is shutting down; nothing was sent.", isBeforeEffect: true)
        }
    }

    /// The addresses of the URL's host that may be reached.
    private func vettedAddresses(
        of url: OutboundURL, deadline: NIODeadline, phases: inout OutboundPhases
    ) async throws(Failure) -> [IPAddress] {
        // A literal was judged with the URL.
        if let address = url.address { return [address] }
        let answer: NameService.Answer
        if let cached = names.cached(url.host) {
            answer = cached
        } else {
            let start = NIODeadline.now()
            let limit = min(deadline, start + limits.lookup.timeAmount)
            answer = await names.answer(for: url.host, before: limit, on: group.any())
            phases.dns = (.now() - start).inMilliseconds
        }
        switch answer {
        case .addresses(let found):
            let allowed = found.filter { policy.denial(of: $0, port: url.port, host: url.host) == nil }
            guard allowed.isEmpty else { return allowed }
            throw Failure(.blocked_address, Self.blockedMessage(url.host, found, policy, port: url.port), isBeforeEffect: true)
        case .failed(let failure): throw Failure(.dns_error, "\(url.host): \(failure.message).", isBeforeEffect: true)
        case .late: throw Failure(.dns_error, "The look-up of \(url.host) took too long.", isBeforeEffect: true)
        case .cancelled: throw .cancelled(isBeforeEffect: true)
        case .busy: throw Failure(.dns_error, "Too many name look-ups wait.", isBeforeEffect: true)
        }
    }

    /// Says what kind of address it is but not which: names of the inner network must not be resolvable through us.
    private static func blockedMessage(_ host: String, _ found: [IPAddress], _ policy: AddressPolicy, port: Int) -> String {
        let reason = found.first.flatMap { policy.denial(of: $0, port: port, host: host) }?.reason ?? "not public"
        return "\(host) has no address that may be reached (it is \(reason)). Use a host that is reachable from the internet."
    }

    private static func makeContexts(_ trust: String?, trustsSystem: Bool) throws -> TLSContexts {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = .seconds(1)
        let own = try trust.map(NIOSSLCertificate.fromPEMFile) ?? []
        if trustsSystem {
            configuration.additionalTrustRoots = [.certificates(own)]
        } else {
            configuration.trustRoots = .certificates(own)
        }
        return try TLSContexts(configuration)
    }
}

extension GuardedClient {
    /// What ``vet(_:)`` found out.
    package enum Vetting: Sendable, Hashable {
        /// At least one address may be reached.
        case reachable
        /// The name has no address now; `message` says why. Advice, not an error: it may have one later.
        case unresolved(String)
    }

    /// Checks a URL when it is entered: its form, and that the host's addresses are not all denied.
    /// - Throws: what is wrong with it.
    @discardableResult
    package func vet(_ text: String) async throws(OutboundURLIssue) -> Vetting {
        let url = try OutboundURL(text, policy: policy)
        var phases = OutboundPhases()
        do throws(Failure) {
            _ = try await vettedAddresses(of: url, deadline: .now() + limits.lookup.timeAmount, phases: &phases)
            return .reachable
        } catch {
            guard error.errorClass == .blocked_address else { return .unresolved(error.message) }
            throw OutboundURLIssue(.privateAddress, error.message)
        }
    }
}
