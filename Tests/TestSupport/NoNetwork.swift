package import Outbound

/// No network, for tests of what needs none, such as sandbox accounts; using it is a mistake of the test.
package struct NoNetwork: Transport {
    package init() {}

    package func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        throw OutboundError(.network_unreachable, "this test has no network", isBeforeEffect: true)
    }
}
