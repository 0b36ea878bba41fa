import Core
import Synchronization
import TestSupport

@testable import Outbound

/// A client that trusts the test authority and may reach what the receivers listen on.
func makeClient(
    allow: String, resolver: any NameResolver = Names([:]), limits: OutboundLimits = .init(),
    deny: [AddressPolicy.Endpoint] = [],
    allowsPlainHTTP: Bool = false, now: @escaping @Sendable () -> Instant = Ambient.live.now
) throws -> GuardedClient {
    // A machine that runs everything at once may be slow to connect; no test is about the default limits.
    var limits = limits
    if limits.connect == OutboundLimits().connect { limits.connect = .seconds(30) }
    if limits.tls == OutboundLimits().tls { limits.tls = .seconds(30) }
    let policy = AddressPolicy(allow: try OutboundAllowList(allow), deny: deny, allowsPlainHTTP: allowsPlainHTTP)
    return try GuardedClient(
        policy: policy, trust: TestAuthority.shared.file, trustsSystem: false, resolver: resolver, limits: limits, now: now)
}

/// A resolver that knows what it is told and counts how often it is asked.
final class Names: NameResolver {
    private let state: Mutex<(answers: [String: [[String]]], asked: [String])>

    /// - Parameter answers: by name, one list of addresses after the other; the last one repeats.
    init(_ answers: [String: [[String]]]) { state = Mutex((answers, [])) }

    var asked: [String] { state.withLock { $0.asked } }

    func addresses(of host: String) throws(ResolutionFailure) -> [IPAddress] {
        let answer = state.withLock { state -> [String]? in
            state.asked.append(host)
            guard let all = state.answers[host] else { return nil }
            if all.count > 1 { state.answers[host]?.removeFirst() }
            return all.first
        }
        guard let answer else { throw ResolutionFailure(isUnknownName: true, "the name does not exist") }
        return answer.compactMap { IPAddress($0) }
    }
}

/// Waits until something that gives no signal is so; false when it is not within 20 s.
func eventually(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<20_000 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(1))
    }
    return false
}

/// The error of a request that must fail.
func failure(of client: GuardedClient, _ request: OutboundRequest) async -> OutboundError? {
    do throws(OutboundError) {
        _ = try await client.send(request)
        return nil
    } catch {
        return error
    }
}
