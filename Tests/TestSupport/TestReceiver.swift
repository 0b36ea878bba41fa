package import Core
import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL
import Synchronization

/// A real HTTPS endpoint on 127.0.0.1 that records what it gets and answers as it is told: what deliveries, platforms and
/// the outgoing client are tested against.
///
/// ```swift
/// let receiver = try await TestReceiver.start()
/// receiver.answer(with: .status(500), .status(200))          // the last one repeats
/// receiver.answer("/slow", with: .hang)
/// let policy = AddressPolicy(allow: try OutboundAllowList(receiver.authority))
/// let client = try GuardedClient(policy: policy, trust: receiver.caFile, trustsSystem: false)
/// ...
/// let requests = try await receiver.waitForRequests(2)
/// await receiver.stop()
/// ```
package final class TestReceiver: Sendable {
    /// One request as it came.
    package struct Received: Sendable {
        package let method: String
        /// Path with query, as in the request line.
        package let target: String
        /// In their order and case.
        package let headers: [(name: String, value: String)]
        package let body: [UInt8]
        package let at: Instant
        /// Number of the connection, from 1: equal for requests that shared one.
        package let connection: Int

        /// Target without the query.
        package var path: String { String(target.prefix { $0 != "?" }) }
        package var text: String { String(decoding: body, as: UTF8.self) }
        /// The first header of that name, in any case.
        package func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    package enum Security: Sendable {
        case tls(TestIdentity)
        /// TLS that demands a certificate of the client.
        case mutualTLS(TestIdentity)
        /// TLS of at most that version.
        case oldTLS(TestIdentity, TLSVersion)
        case plain
        /// Accepts connections and never says a word.
        case silent
    }

    /// Thrown by ``waitForRequests(_:within:)``.
    package struct TooFew: Error, CustomStringConvertible {
        package let expected: Int
        package let received: Int
        package var description: String { "waited for \(expected) requests, got \(received)" }
    }

    struct State {
        var received: [Received] = []
        var waiters: [(count: Int, promise: EventLoopPromise<Void>)] = []
        var answers: [TestAnswer] = [.status(200)]
        var answersByPath: [String: [TestAnswer]] = [:]
        var script: (@Sendable (Received) -> TestAnswer?)?
        var connectionsOpened = 0
        var channels: [Int: any Channel] = [:]
    }
    let state = Mutex(State())
    private let server: any Channel
    package let port: Int
    private let host: String
    private let scheme: String

    /// The PEM file of the authority behind the receiver's certificate.
    package let caFile: String
    /// `https://127.0.0.1:port`, without a slash at the end.
    package var baseURL: String { "\(scheme)://\(authority)" }
    /// `127.0.0.1:port`: what an operator would put on the allow list.
    package var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Starts on a free port.
    /// - Parameters:
    ///   - security: by default TLS with a certificate of ``TestAuthority/shared`` for 127.0.0.1, ::1, localhost,
    ///     receiver.test and *.receiver.test.
    package static func start(_ security: Security? = nil, host: String = "127.0.0.1") async throws -> TestReceiver {
        let security = try security ?? .tls(try TestAuthority.shared.issue())
        let context = try makeContext(security)
        let cell = Cell()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if case .silent = security { return }
                    if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try channel.pipeline.syncOperations.addHandler(ReceiverHandler(cell.receiver))
                }
            }
            .bind(host: host, port: 0).get()
        let receiver = TestReceiver(server, host: host, isTLS: context != nil)
        cell.set(receiver)
        return receiver
    }

    private init(_ server: any Channel, host: String, isTLS: Bool) {
        self.server = server
        self.host = host
        port = server.localAddress?.port ?? 0
        scheme = isTLS ? "https" : "http"
        caFile = TestAuthority.shared.file
    }

    /// Answers to requests on every path without its own, one after the other; the last one repeats.
    package func answer(with answers: TestAnswer...) { state.withLock { $0.answers = answers } }

    /// Answers on one path (without query), one after the other; the last one repeats.
    package func answer(_ path: String, with answers: TestAnswer...) { state.withLock { $0.answersByPath[path] = answers } }

    /// Decides by the request; nil falls back to the answers that are set.
    package func answer(by script: @escaping @Sendable (Received) -> TestAnswer?) { state.withLock { $0.script = script } }

    /// What came so far, in order of arrival.
    package var requests: [Received] { state.withLock { $0.received } }

    /// How many connections were accepted, ever; whether TLS came up on them or not.
    package var connectionsOpened: Int { state.withLock { $0.connectionsOpened } }

    /// How many connections are open now.
    package var connectionsOpen: Int { state.withLock { $0.channels.count } }

    /// Waits until `count` requests came in all, without polling.
    /// - Returns: every request so far.
    /// - Throws: ``TooFew`` when they did not come in time.
    @discardableResult
    package func waitForRequests(_ count: Int, within limit: Duration = .seconds(30)) async throws -> [Received] {
        let promise = server.eventLoop.makePromise(of: Void.self)
        let isThere = state.withLock { state -> Bool in
            if state.received.count >= count { return true }
            state.waiters.append((count, promise))
            return false
        }
        if isThere { promise.succeed() }
        let timer = server.eventLoop.scheduleTask(in: .milliseconds(limit.inMilliseconds)) {
            // A promise that was kept already ignores this.
            promise.fail(TooFew(expected: count, received: self.state.withLock { $0.received.count }))
        }
        defer { timer.cancel() }
        try await promise.futureResult.get()
        return requests
    }

    /// Closes every open connection from this side, as a server does with idle ones, and returns when that is done.
    package func closeConnections() async {
        for channel in state.withLock({ Array($0.channels.values) }) { try? await channel.close() }
    }

    /// Stops listening and closes everything.
    package func stop() async {
        try? await server.close()
        await closeConnections()
    }

    private static func makeContext(_ security: Security) throws -> NIOSSLContext? {
        var configuration: TLSConfiguration
        switch security {
        case .plain, .silent: return nil
        case .tls(let identity), .mutualTLS(let identity), .oldTLS(let identity, _):
            configuration = .makeServerConfiguration(
                certificateChain: identity.chain.map { .certificate($0) }, privateKey: .privateKey(identity.key))
        }
        if case .mutualTLS = security {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .file(TestAuthority.shared.file)
        }
        if case .oldTLS(_, let version) = security {
            configuration.minimumTLSVersion = .tlsv1
            configuration.maximumTLSVersion = version
        }
        configuration.shutdownTimeout = .milliseconds(200)
        return try NIOSSLContext(configuration: configuration)
    }
}

extension TestReceiver {
    func record(_ request: Received) -> TestAnswer {
        let (due, script) = state.withLock { state in
            state.received.append(request)
            let due = state.waiters.filter { $0.count <= state.received.count }
            state.waiters.removeAll { $0.count <= state.received.count }
            return (due, state.script)
        }
        for waiter in due { waiter.promise.succeed() }
        if let answer = script?(request) { return answer }
        return state.withLock { state in
            if state.answersByPath[request.path] != nil { return Self.next(&state.answersByPath[request.path, default: []]) }
            return Self.next(&state.answers)
        }
    }

    func opened(_ channel: any Channel) -> Int {
        state.withLock { state in
            state.connectionsOpened += 1
            state.channels[state.connectionsOpened] = channel
            return state.connectionsOpened
        }
    }

    func closed(_ connection: Int) { state.withLock { $0.channels[connection] = nil } }

    private static func next(_ answers: inout [TestAnswer]) -> TestAnswer {
        answers.count > 1 ? answers.removeFirst() : answers.first ?? .status(200)
    }
}

/// Carries the receiver to its connections, which can come up before `bind` returns.
private final class Cell: Sendable {
    private let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: TestReceiver.self)
    var receiver: EventLoopFuture<TestReceiver> { promise.futureResult }
    func set(_ receiver: TestReceiver) { promise.succeed(receiver) }
}
