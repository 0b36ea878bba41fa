import Core
import Testing

@testable import Delivery

@Suite(.serialized) struct BreakerTests {
    private let start = Instant(seconds: 1_770_114_600)

    @Test func tenFailuresInARowOpenItAndOneSuccessClosesIt() {
        var breaker = Breaker()
        let ends = (0..<10).map { _ in breaker.fail(start) }
        #expect(ends == Array(repeating: nil, count: 9) + [start + .seconds(30)])
        breaker.wake(start + .seconds(29))
        #expect(breaker.state == .open(until: start + .seconds(30)))
        breaker.wake(start + .seconds(30))
        #expect(breaker.state == .halfOpen)
        breaker.succeed(start + .seconds(31))
        #expect(breaker.state == .closed)
        #expect(breaker.isForgettable)
    }

    @Test func aSuccessBetweenStartsTheCountAgain() {
        var breaker = Breaker()
        for _ in 0..<3 {
            for _ in 0..<5 { _ = breaker.fail(start) }
            for _ in 0..<6 { breaker.succeed(start) }
        }
        #expect(breaker.state == .closed)
    }

    @Test func halfOfTwentyOpenItToo() {
        var breaker = Breaker()
        var opened: Instant?
        for number in 0..<20 {
            if number.isMultiple(of: 2) { opened = breaker.fail(start) ?? opened } else { breaker.succeed(start) }
            if number < 18 { #expect(opened == nil) }
        }
        opened = opened ?? breaker.fail(start)
        #expect(opened == start + .seconds(30))
    }

    @Test func failuresLongAgoDoNotCount() {
        var breaker = Breaker()
        for number in 0..<40 {
            let now = start + .seconds(number * 60)
            _ = breaker.fail(now)
            breaker.succeed(now)
        }
        #expect(breaker.state == .closed)
    }

    @Test func eachRestIsTwiceTheOneBeforeUpToAQuarterOfAnHour() {
        var breaker = Breaker()
        var now = start
        for _ in 0..<9 { _ = breaker.fail(now) }
        var rests: [Int] = []
        for _ in 0..<7 {
            guard let until = breaker.fail(now) else { break }
            rests.append(Int((until - now).inSeconds))
            now = until
            breaker.wake(now)
        }
        #expect(rests == [30, 60, 120, 240, 480, 900, 900])
    }
}

@Suite(.serialized) struct PaceTests {
    private let start = Instant(seconds: 1_770_114_600)

    /// How many may go in the `seconds` from `start`, asked for every 10 ms.
    private func count(_ pace: inout Pace, seconds: Int, from: Instant) -> Int {
        (0..<(seconds * 100)).reduce(0) { sum, step in sum + (pace.take(from + .milliseconds(step * 10)) == nil ? 1 : 0) }
    }

    @Test func aRateIsKeptAndABurstAllowed() {
        var pace = Pace(configured: 10, now: start)
        let first = count(&pace, seconds: 10, from: start)
        // The burst of one second, and ten in each second after.
        #expect((109...110).contains(first))
    }

    @Test func aRateBelowOneSaysWhenToComeBack() {
        var pace = Pace(configured: 0.5, now: start)
        let answers = [pace.take(start), pace.take(start), pace.take(start + .seconds(2))]
        #expect(answers == [nil, start + .seconds(2), nil])
    }

    @Test func withoutARateNothingWaits() {
        var pace = Pace(configured: nil, now: start)
        let all = count(&pace, seconds: 1, from: start)
        #expect(all == 100)
    }

    @Test func beingAskedForLessHalvesTheRateOnceASecondAndItIsWonBack() {
        var pace = Pace(configured: nil, now: start)
        pace.halve(present: 40, start)
        pace.halve(present: 40, start + .milliseconds(999))
        #expect(pace.rate == 20)
        pace.halve(present: 40, start + .seconds(1))
        #expect(pace.rate == 10)
        // A tenth of forty in a minute.
        _ = pace.take(start + .seconds(61))
        #expect(abs((pace.rate ?? 0) - 14) < 0.1)
        _ = pace.take(start + .seconds(600))
        #expect(pace.isUnlimited)
    }
}
