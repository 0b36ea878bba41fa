import Core
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import Outbound

/// Connections: which are tried, shared, bounded and ended.
@Suite(.serialized, .timeLimit(.minutes(1))) struct ConnectionTests {
    @Test func aClosedPortIsRefused() async throws {
        let receiver = try await TestReceiver.start()
        await receiver.stop()
        let client = try makeClient(allow: receiver.authority)
        let error = await failure(of: client, OutboundRequest("POST", receiver.baseURL + "/?s3cret"))
        #expect(error?.errorClass == .connect_refused)
        #expect(error?.isBeforeEffect == true)
        #expect(error?.message.contains("s3cret") == false)
        #expect(client.counters == OutboundCounters())
    }

    @Test func theNextVettedAddressIsTriedWhenOneRefuses() async throws {
        let receiver = try await TestReceiver.start()
        let names = Names(["two.receiver.test": [["127.0.0.9", "127.0.0.1"]]])
        let client = try makeClient(allow: "127.0.0.0/8", resolver: names)
        let response = try await client.send(OutboundRequest("GET", "https://two.receiver.test:\(receiver.port)/"))
        #expect(response.remoteAddress == "127.0.0.1")
        await receiver.stop()
    }

    @Test func ipv6LiteralsAreVerifiedAsAddresses() async throws {
        let receiver = try await TestReceiver.start(host: "::1")
        let client = try makeClient(allow: receiver.authority)
        let response = try await client.send(OutboundRequest("GET", receiver.baseURL))
        #expect(response.remoteAddress == "::1")
        #expect(receiver.requests.first?.header("host") == receiver.authority)
        await receiver.stop()
    }

    @Test func connectionsOfOneOriginAreNotUsedForAnother() async throws {
        let receiver = try await TestReceiver.start()
        let names = Names(["a.receiver.test": [["127.0.0.1"]], "b.receiver.test": [["127.0.0.1"]]])
        let client = try makeClient(allow: "127.0.0.1", resolver: names)
        for host in ["a", "b", "a", "b"] {
            _ = try await client.send(OutboundRequest("GET", "https://\(host).receiver.test:\(receiver.port)/"))
        }
        #expect(receiver.requests.map(\.connection) == [1, 2, 1, 2])
        await receiver.stop()
    }

    @Test func requestsBeyondTheBoundWaitTheirTurnInOrder() async throws {
        let receiver = try await TestReceiver.start()
        var limits = OutboundLimits()
        limits.connectionsPerOrigin = 1
        let client = try makeClient(allow: receiver.authority, limits: limits)
        let gate = TestGate()
        receiver.answer("/0", with: .status(200).held(by: gate))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<5 {
                group.addTask { _ = try await client.send(OutboundRequest("GET", receiver.baseURL + "/\(number)")) }
                // Each has taken its place before the next comes.
                if number == 0 { try await receiver.waitForRequests(1) }
                #expect(await eventually { client.counters.requestsWaiting == number })
            }
            gate.open()
            try await group.waitForAll()
        }
        #expect(receiver.requests.map(\.path) == ["/0", "/1", "/2", "/3", "/4"])
        #expect(receiver.connectionsOpened == 1)
        await receiver.stop()
    }

    @Test func waitingEndsWithTheDeadlineAndLeavesNothingBehind() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer("/hang", with: .hang)
        var limits = OutboundLimits()
        limits.connections = 1
        limits.waiting = 1
        let client = try makeClient(allow: receiver.authority, limits: limits)
        let first = Task { await failure(of: client, OutboundRequest("GET", receiver.baseURL + "/hang")) }
        try await receiver.waitForRequests(1)
        let second = Task { await failure(of: client, OutboundRequest("GET", receiver.baseURL, deadline: .seconds(1))) }
        #expect(await eventually { client.counters.requestsWaiting == 1 })
        let third = await failure(of: client, OutboundRequest("GET", receiver.baseURL))
        #expect(third?.message == "Too many requests wait for a connection.")
        let error = await second.value
        #expect(error?.errorClass == .timeout)
        #expect(error?.isBeforeEffect == true)
        #expect(client.counters.requestsWaiting == 0)
        first.cancel()
        #expect(await first.value?.isBeforeEffect == false)
        #expect(try await client.send(OutboundRequest("GET", receiver.baseURL)).status == 200)
        await receiver.stop()
    }

    @Test func anUnusedConnectionMakesWayForAnotherOrigin() async throws {
        let (a, b) = (try await TestReceiver.start(), try await TestReceiver.start())
        var limits = OutboundLimits()
        limits.connections = 1
        let client = try makeClient(allow: "127.0.0.1", limits: limits)
        for _ in 0..<3 {
            #expect(try await client.send(OutboundRequest("GET", a.baseURL)).status == 200)
            #expect(try await client.send(OutboundRequest("GET", b.baseURL)).status == 200)
        }
        #expect(client.counters.connectionsOpened == 6)
        #expect(client.counters.connectionsOpen == 1)
        await a.stop()
        await b.stop()
    }

    /// P1: an endpoint that hangs with a queue behind it must not keep others out.
    @Test func aHangingOriginWithAQueueDoesNotStarveAnother() async throws {
        let (hanging, healthy) = (try await TestReceiver.start(), try await TestReceiver.start())
        hanging.answer(with: .hang)
        var limits = OutboundLimits()
        limits.connections = 4
        limits.connectionsPerOrigin = 2
        let client = try makeClient(allow: "127.0.0.1", limits: limits)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = await failure(of: client, OutboundRequest("GET", hanging.baseURL)) } }
            #expect(await eventually { client.counters.requestsWaiting == 48 })
            for _ in 0..<20 {
                let response = try? await client.send(OutboundRequest("GET", healthy.baseURL))
                #expect(response?.status == 200)
            }
            #expect(client.counters.requestsWaiting == 48)
            group.cancelAll()
        }
        #expect(client.counters.requestsWaiting == 0)
        await hanging.stop()
        await healthy.stop()
    }

    /// Room that others wait for does not stay with an origin that always has another request of its own.
    @Test func whoWaitsForRoomInAllIsServedInOrderOfArrival() async throws {
        let (busy, other) = (try await TestReceiver.start(), try await TestReceiver.start())
        let gate = TestGate()
        busy.answer(with: .status(200).held(by: gate), .status(201))
        var limits = OutboundLimits()
        limits.connections = 1
        let client = try makeClient(allow: "127.0.0.1", limits: limits)
        let first = Task { try await client.send(OutboundRequest("GET", busy.baseURL)).status }
        try await busy.waitForRequests(1)
        let second = Task { try await client.send(OutboundRequest("GET", other.baseURL)).status }
        #expect(await eventually { client.counters.requestsWaiting == 1 })
        let third = Task { try await client.send(OutboundRequest("GET", busy.baseURL)).status }
        #expect(await eventually { client.counters.requestsWaiting == 2 })
        gate.open()
        #expect(try await first.value == 200)
        #expect(try await second.value == 200)
        #expect(try await third.value == 201)
        let times = try await (other.waitForRequests(1), busy.waitForRequests(2))
        #expect(try #require(times.0.first).at <= #require(times.1.last).at)
        #expect(client.counters.connectionsOpened == 3)
        await busy.stop()
        await other.stop()
    }

    @Test func theConnectionUsedLastIsUsedNext() async throws {
        let receiver = try await TestReceiver.start()
        let gate = TestGate()
        receiver.answer("/held", with: .status(200).held(by: gate))
        let client = try makeClient(allow: receiver.authority)
        let held = Task { try await client.send(OutboundRequest("GET", receiver.baseURL + "/held")).status }
        try await receiver.waitForRequests(1)
        _ = try await client.send(OutboundRequest("GET", receiver.baseURL))
        gate.open()
        #expect(try await held.value == 200)
        for _ in 0..<3 { _ = try await client.send(OutboundRequest("GET", receiver.baseURL)) }
        #expect(receiver.requests.map(\.connection) == [1, 2, 1, 1, 1])
        #expect(client.counters.connectionsIdle == 2)
        await receiver.stop()
    }

    @Test func freshConnectionsReplaceUnusedOnes() async throws {
        let receiver = try await TestReceiver.start()
        let client = try makeClient(allow: receiver.authority)
        for _ in 0..<5 { _ = try await client.send(OutboundRequest("POST", receiver.baseURL, retriesStaleConnection: false)) }
        #expect(receiver.requests.map(\.connection) == [1, 2, 3, 4, 5])
        #expect(client.counters.connectionsOpen == 1)
        #expect(client.counters.connectionsReused == 0)
        await receiver.stop()
    }

    @Test func unusedConnectionsAreClosedAfterTheirTime() async throws {
        let receiver = try await TestReceiver.start()
        var limits = OutboundLimits()
        limits.idle = .milliseconds(100)
        let client = try makeClient(allow: receiver.authority, limits: limits)
        _ = try await client.send(OutboundRequest("GET", receiver.baseURL))
        #expect(client.counters.connectionsOpened == 1)
        #expect(await eventually { receiver.connectionsOpen == 0 && client.counters.connectionsOpen == 0 })
        #expect(client.counters.connectionsIdle == 0)
        #expect(try await client.send(OutboundRequest("GET", receiver.baseURL)).status == 200)
        await receiver.stop()
    }

    @Test func cancellingATaskClosesItsConnection() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .hang)
        let client = try makeClient(allow: receiver.authority)
        let task = Task { await failure(of: client, OutboundRequest("GET", receiver.baseURL)) }
        try await receiver.waitForRequests(1)
        task.cancel()
        let error = await task.value
        #expect(error?.message.contains("cancelled") == true)
        #expect(error?.isBeforeEffect == false)
        #expect(await eventually { receiver.connectionsOpen == 0 })
        let early = Task {
            while !Task.isCancelled { await Task.yield() }
            return await failure(of: client, OutboundRequest("GET", receiver.baseURL))
        }
        early.cancel()
        #expect(await early.value?.isBeforeEffect == true)
        #expect(receiver.requests.count == 1)
        await receiver.stop()
    }

    @Test func shutdownLetsRequestsFinishAndRefusesNewOnes() async throws {
        let receiver = try await TestReceiver.start()
        let gate = TestGate()
        receiver.answer("/slow", with: .status(200).held(by: gate))
        let client = try makeClient(allow: receiver.authority)
        _ = try await client.send(OutboundRequest("GET", receiver.baseURL))
        let slow = Task { try await client.send(OutboundRequest("GET", receiver.baseURL + "/slow")).status }
        try await receiver.waitForRequests(2)
        let shutdown = Task { await client.shutdown(grace: .seconds(20)) }
        #expect(await eventually { client.counters.connectionsOpen == 1 })
        gate.open()
        await shutdown.value
        #expect(try await slow.value == 200)
        #expect(client.counters.connectionsOpen == 0)
        let error = await failure(of: client, OutboundRequest("GET", receiver.baseURL))
        #expect(error?.isBeforeEffect == true)
        #expect(receiver.requests.count == 2)
        await receiver.stop()
    }

    @Test func shutdownEndsWhatDoesNotFinish() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .hang)
        let client = try makeClient(allow: receiver.authority)
        let hanging = Task { await failure(of: client, OutboundRequest("GET", receiver.baseURL)) }
        try await receiver.waitForRequests(1)
        await client.shutdown(grace: .milliseconds(100))
        #expect(await hanging.value?.errorClass == .connection_reset)
        #expect(client.counters.connectionsOpen == 0)
        await receiver.stop()
    }

    @Test func aMissingTrustFileIsAnError() {
        #expect(throws: (any Error).self) { try GuardedClient(trust: "/does/not/exist.pem") }
    }
}
