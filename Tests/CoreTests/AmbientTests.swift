import Core
import Testing

@Suite struct AmbientTests {
    @Test func idsAreCuidsInOrderOfTime() {
        let (ambient, clock) = Ambient.fixed()
        var ids: [String] = []
        for _ in 0..<100 {
            ids.append(ambient.newID(PostID.self).rawValue)
            clock.advance(by: .milliseconds(1))
        }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == 100)
        #expect(
            ids.allSatisfy {
                $0.utf8.count == 25 && $0.hasPrefix("c") && $0.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) }
            })
    }

    @Test func theSameSeedGivesTheSameRun() {
        let (a, _) = Ambient.fixed(seed: 7)
        let (b, _) = Ambient.fixed(seed: 7)
        #expect(a.newID(PostID.self) == b.newID(PostID.self))
        #expect(a.randomBytes(32) == b.randomBytes(32))
    }

    @Test func unitIntervalStaysInside() {
        let (ambient, _) = Ambient.fixed()
        let values = (0..<10_000).map { _ in ambient.unitInterval() }
        #expect(values.allSatisfy { (0..<1).contains($0) })
        #expect((values.max() ?? 0) > 0.99)
    }

    @Test func aSignalSentBeforeTheWaitIsNotLost() async {
        let signal = WakeSignal()
        signal.signal()
        signal.signal()
        await signal.wait(atMost: .seconds(60))
        let waiting = Task { await signal.wait(atMost: .seconds(60)) }
        signal.signal()
        await waiting.value
    }

    @Test func backoffStaysWithinItsJitterAndEnds() {
        let backoff = Backoff(delays: [.seconds(5), .seconds(30)])
        #expect(backoff.delay(afterAttempt: 1, unit: 0) == .seconds(4))
        #expect(backoff.delay(afterAttempt: 2, unit: 0.5) == .seconds(30))
        #expect(backoff.delay(afterAttempt: 3, unit: 0.5) == nil)
        #expect(backoff.delay(afterAttempt: 0, unit: 0.5) == nil)
    }
}
