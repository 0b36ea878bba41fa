import Outbound
import Synchronization

/// How many requests one look at an account may make: what is beyond is not sent, and the look ends.
final class RequestQuota: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    var isLeft: Bool { left.withLock { $0 > 0 } }

    func limiting(_ transport: any Transport) -> any Transport { Limited(quota: self, next: transport) }

    private struct Limited: Transport {
        let quota: RequestQuota
        let next: any Transport

        func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
            let mayGo = quota.left.withLock { left -> Bool in
                guard left > 0 else { return false }
                left -= 1
                return true
            }
            guard mayGo else {
                throw OutboundError(.not_sent, "This look's requests are used up.", isBeforeEffect: true)
            }
            return try await next.send(request)
        }
    }
}
