import Core
import Dispatch
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import Outbound

/// A resolver whose answers for some names come when they are released.
private final class SlowNames: NameResolver {
    private let gate = DispatchSemaphore(value: 0)
    private let state = Mutex((asked: 0, running: 0, most: 0))

    var asked: Int { state.withLock { $0.asked } }
    var most: Int { state.withLock { $0.most } }
    func release(_ count: Int) { for _ in 0..<count { gate.signal() } }

    func addresses(of host: String) throws(ResolutionFailure) -> [IPAddress] {
        state.withLock { state in
            state.asked += 1
            state.running += 1
            state.most = max(state.most, state.running)
        }
        if host.hasPrefix("slow") { gate.wait() }
        state.withLock { $0.running -= 1 }
        return [.v4(0x0101_0101)]
    }
}

@Suite(.serialized, .timeLimit(.minutes(1))) struct ResolvingTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.any()

    @Test func allWhoAskForANameShareOneLookUp() async throws {
        let slow = SlowNames()
        let names = NameService(resolver: slow, threads: 16, now: Ambient.live.now)
        let loop = loop
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    if case .addresses = await names.answer(for: "slow.test", before: .now() + .seconds(20), on: loop) {
                        true
                    } else {
                        false
                    }
                }
            }
            slow.release(1)
            for await isAnswered in group { #expect(isAnswered) }
        }
        #expect(slow.asked == 1)
    }

    @Test func aSlowNameEndsAtItsDeadlineAndStopsNobodyElse() async throws {
        let slow = SlowNames()
        let names = NameService(resolver: slow, threads: 16, now: Ambient.live.now)
        let late = await names.answer(for: "slow.test", before: .now() + .milliseconds(100), on: loop)
        guard case .late = late else {
            Issue.record("expected .late")
            return
        }
        guard case .addresses = await names.answer(for: "quick.test", before: .now() + .seconds(20), on: loop) else {
            Issue.record("the quick name had to wait")
            return
        }
        slow.release(1)
    }

    /// Whoever owns a zone can make all its names slow; the threads of others must remain.
    @Test func aZoneOfSlowNamesLeavesThreadsForOthers() async throws {
        let slow = SlowNames()
        let names = NameService(resolver: slow, threads: 16, now: Ambient.live.now)
        let loop = loop
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    _ = await names.answer(for: "slow\(number).evil.test", before: .now() + .milliseconds(300), on: loop)
                }
            }
            await group.waitForAll()
        }
        #expect(slow.most == 4)
        guard case .addresses = await names.answer(for: "quick.good.test", before: .now() + .seconds(20), on: loop) else {
            Issue.record("the quick name had to wait")
            return
        }
        slow.release(40)
    }

    @Test func answersAreKeptThirtySecondsAndFailuresFive() async throws {
        let (ambient, clock) = Ambient.fixed()
        let resolver = Names(["a.test": [["1.1.1.1"]]])
        let names = NameService(resolver: resolver, threads: 2, now: ambient.now)
        func ask(_ host: String) async { _ = await names.answer(for: host, before: .now() + .seconds(20), on: loop) }
        await ask("a.test")
        await ask("gone.test")
        clock.advance(by: .milliseconds(4_999))
        await ask("gone.test")
        #expect(resolver.asked == ["a.test", "gone.test"])
        clock.advance(by: .milliseconds(1))
        await ask("gone.test")
        #expect(resolver.asked.count == 3)
        clock.advance(by: .milliseconds(24_999))
        await ask("a.test")
        #expect(resolver.asked.count == 3)
        clock.advance(by: .milliseconds(1))
        await ask("a.test")
        #expect(resolver.asked == ["a.test", "gone.test", "gone.test", "a.test"])
        clock.set(Instant(seconds: 0))
        await ask("a.test")
        #expect(resolver.asked.count == 5, "a clock that was set back does not keep answers alive")
    }

    @Test func namesThatDoNotExistAndLiteralsAndTheSystemsOwnResolver() async throws {
        let client = try makeClient(allow: "")
        let error = await failure(of: client, OutboundRequest("GET", "https://gone.test/?s3cret"))
        #expect(error?.errorClass == .dns_error)
        #expect(error?.isBeforeEffect == true)
        #expect(error?.message == "gone.test: the name does not exist.")
        #expect(
            try SystemResolver().addresses(of: "localhost").contains { $0 == .v4(0x7F00_0001) || $0 == .v6(high: 0, low: 1) })
        #expect(throws: ResolutionFailure.self) { try SystemResolver().addresses(of: "does-not-exist.invalid") }
    }

    @Test func aSlowLookUpEndsWithTheRequestsDeadline() async throws {
        let slow = SlowNames()
        let client = try makeClient(allow: "", resolver: slow)
        let error = await failure(of: client, OutboundRequest("GET", "https://slow.test/", deadline: .milliseconds(200)))
        #expect(error?.errorClass == .dns_error)
        #expect(error?.isBeforeEffect == true)
        slow.release(1)
    }

    @Test func vettingAtCreationResolves() async throws {
        let names = Names([
            "inner.test": [["10.0.0.1", "fd00::1"]], "mixed.test": [["10.0.0.1", "1.1.1.1"]], "open.test": [["1.1.1.1"]],
        ])
        let client = try makeClient(allow: "", resolver: names)
        #expect(try await client.vet("https://open.test/x") == .reachable)
        #expect(try await client.vet("https://mixed.test/x") == .reachable)
        #expect(try await client.vet("https://gone.test/x") == .unresolved("gone.test: the name does not exist."))
        let inner = await #expect(throws: OutboundURLIssue.self) { try await client.vet("https://inner.test/x") }
        #expect(inner?.code == .privateAddress)
        let plain = await #expect(throws: OutboundURLIssue.self) { try await client.vet("http://open.test/x") }
        #expect(plain?.code == .notHTTPS)
    }
}
