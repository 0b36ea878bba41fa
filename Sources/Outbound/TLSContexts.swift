import NIOSSL
import Synchronization

/// The TLS contexts: one for everybody, and one for each client identity. Making one reads the system's authorities, which
/// costs 7 to 12 ms and 0.9 MB, so they are kept; bounded.
final class TLSContexts: Sendable {
    let common: NIOSSLContext
    private let configuration: TLSConfiguration
    private let own = Mutex<[String: NIOSSLContext]>([:])
    private static let capacity = 64

    init(_ configuration: TLSConfiguration) throws {
        self.configuration = configuration
        common = try NIOSSLContext(configuration: configuration)
    }

    func context(for identity: ClientIdentity?) throws -> NIOSSLContext {
        guard let identity else { return common }
        if let known = own.withLock({ $0[identity.fingerprint] }) { return known }
        var configuration = configuration
        configuration.certificateChain = identity.chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(identity.key)
        let new = try NIOSSLContext(configuration: configuration)
        own.withLock { contexts in
            if contexts.count >= Self.capacity { contexts.removeAll(keepingCapacity: true) }
            contexts[identity.fingerprint] = new
        }
        return new
    }
}
