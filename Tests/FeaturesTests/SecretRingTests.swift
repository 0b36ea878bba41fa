import Core
import Testing

@testable import Features

@Suite struct SecretRingTests {
    private let start = Instant(seconds: 1_770_114_600)
    private func ring() -> SecretRing { SecretRing(keys: [.init(secret: Secret("one"), from: start, until: nil)]) }
    private func live(_ ring: SecretRing, _ now: Instant) -> [String] { ring.live(at: now).map { $0.secret.reveal() } }

    @Test func duringAnOverlapBothSignAndTheOldOneIsInForceUntilItsEnd() {
        var ring = ring()
        let isRotated = ring.rotate(to: Secret("two"), overlap: .seconds(100), now: start)
        #expect(isRotated)
        let end = start + .seconds(100)
        #expect(ring.current(at: start)?.secret.reveal() == "one")
        #expect(ring.next(at: start)?.secret.reveal() == "two")
        #expect(live(ring, end - .seconds(1)) == ["one", "two"])
        #expect(ring.current(at: end)?.secret.reveal() == "two")
        #expect(ring.next(at: end) == nil)
        #expect(live(ring, end) == ["two"])
    }

    @Test func promotionTakesOverAtOnceWhileTheOldOneGoesOnSigning() {
        var ring = ring()
        let isRotated = ring.rotate(to: Secret("two"), overlap: .seconds(100), now: start)
        #expect(isRotated)
        let isPromoted = ring.promote(now: start + .seconds(10))
        #expect(isPromoted)
        #expect(ring.current(at: start + .seconds(10))?.secret.reveal() == "two")
        #expect(live(ring, start + .seconds(99)) == ["two", "one"])
        #expect(live(ring, start + .seconds(100)) == ["two"])
        let again = ring.promote(now: start + .seconds(11))
        #expect(!again)
    }

    @Test func immediateDropsTheOldKey() {
        var ring = ring()
        let isRotated = ring.rotate(to: Secret("two"), overlap: .zero, now: start)
        #expect(isRotated)
        #expect(live(ring, start) == ["two"])
    }

    @Test func atMostFiveKeysSignAndOldOnesMakeRoom() {
        var ring = ring()
        for number in 2...5 { _ = ring.rotate(to: Secret("\(number)"), overlap: .seconds(100), now: start) }
        let sixth = ring.rotate(to: Secret("six"), overlap: .seconds(100), now: start)
        #expect(!sixth)
        #expect(live(ring, start).count == 5)
        #expect(live(ring, start).first == "one")
        let isRotated = ring.rotate(to: Secret("six"), overlap: .seconds(100), now: start + .seconds(100))
        #expect(isRotated)
        #expect(live(ring, start + .seconds(100)) == ["5", "six"])
    }
}

@Suite struct WebhookHealthTests {
    private let start = Instant(seconds: 1_770_114_600)
    private func failing(events: Int, over spread: Duration) -> WebhookHealth {
        var health = WebhookHealth(failingSince: start)
        for number in 0..<events {
            let at = start + spread * number / max(events - 1, 1)
            health.fail("http_5xx", isFirstOfEvent: true, at: at)
        }
        return health
    }

    @Test(arguments: [(0, nil), (3_599, nil), (3_600, 1), (86_399, 1), (86_400, 24), (259_200, 72), (388_800, 108)])
    func eachThresholdIsToldWhenItIsReached(seconds: Int, hours: Int?) {
        #expect(failing(events: 1, over: .zero).alert(at: start + .seconds(seconds)) == hours)
    }

    @Test func noThresholdIsToldTwice() {
        var health = failing(events: 1, over: .zero)
        health.alertedHours = 24
        #expect(health.alert(at: start + .seconds(30 * 3600)) == nil)
        #expect(health.alert(at: start + .seconds(72 * 3600)) == 72)
    }

    @Test(arguments: [
        (10, 12 * 3600, 120 * 3600, true), (9, 12 * 3600, 120 * 3600, false), (10, 12 * 3600 - 1, 120 * 3600, false),
        (10, 12 * 3600, 120 * 3600 - 1, false), (1, 0, 300 * 3600, false),
    ])
    func onlyManyFailuresOverALongTimeDisable(events: Int, spread: Int, after: Int, isDisabled: Bool) {
        let health = failing(events: events, over: .seconds(spread))
        #expect(health.isToBeDisabled(at: start + .seconds(after)) == isDisabled)
    }

    @Test func probesSlowDownToOnceADayAndEndAfterAWeek() {
        var now = start
        var hours: [Int] = []
        for probes in 0... {
            guard let next = WebhookHealth.nextProbe(after: probes, disabledAt: start, now: now) else { break }
            hours.append(Int((next - now).inSeconds) / 3600)
            now = next
        }
        #expect(hours == [1, 2, 4, 8, 16, 24, 24, 24, 24, 24])
        #expect(now - start <= .seconds(7 * 86_400))
    }
}

@Suite struct RetryPresetTests {
    @Test(arguments: [
        (RetrySchedule.Preset.fast, 5, 3600), (.default, 12, 254_555), (.patient, 20, 859_655), (.none, 1, 0),
    ])
    func presetsAreWhatTheyPromise(name: RetrySchedule.Preset, attempts: Int, seconds: Int) throws {
        let schedule = try #require(RetrySchedule.presets.first { $0.name == name }?.schedule)
        #expect(schedule.delays.count + 1 == attempts)
        #expect(schedule.delays.reduce(.zero, +) == .seconds(seconds))
        #expect(schedule.issue == nil)
    }
}
