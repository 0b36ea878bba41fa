import Core
package import Outbound

/// A transport that goes nowhere: requests are answered by simulators in this process. Sandbox accounts use it.
///
/// A simulator that hangs is a time-out at once, after which nobody knows whether the request was carried out
/// (`isBeforeEffect` is false), as over a real connection; nobody waits for it.
package struct SimulatorTransport: Transport {
    private let answer: @Sendable (OutboundRequest) async -> SimulatedAnswer

    /// One platform's API at any host: the base URL is `https://` and any name (`/v25.0` may follow for Graph).
    package init(_ simulator: any Simulator, world: any SimulatedWorld) {
        answer = { request in
            let (path, query) = SplitURL.split(request.url)
            return await simulator.respond(to: request, path: path, query: query, in: world)
        }
    }

    /// All platforms as ``SimulatorRouter`` serves them: the base URL ends in `/mastodon`, `/instagram` or `/facebook`.
    package init(_ router: SimulatorRouter) {
        answer = { await router.respond(to: $0) }
    }

    package func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        switch await answer(request) {
        case .hang:
            throw OutboundError(.timeout, "No answer in \(request.deadline.inMilliseconds) ms.", isBeforeEffect: false)
        case .answer(var response):
            if response.body.count > request.maximumResponseBytes {
                response.body.removeLast(response.body.count - max(request.maximumResponseBytes, 0))
                response.isTruncated = true
            }
            return response
        }
    }
}
