import Core
import Relational
import SQLiteEngine
import Testing

@testable import Metering

@Suite(.serialized) struct RateLimiterTests {
    private let acme = OrganizationID("acme")

    /// Sends `count` requests at once and returns the allowances.
    private func storm(_ limiter: RateLimiter, _ count: Int, limit: Int) async throws -> [Allowance] {
        try await withThrowingTaskGroup(of: Allowance.self) { group in
            for _ in 0..<count { group.addTask { try await limiter.take(for: acme, limit: limit) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func ofTenThousandConcurrentRequestsExactlyTheLimitPasses() async throws {
        try await withDatabase { path in
            try await withEngine(path) { engine in
                let limiter = RateLimiter(engine: engine, ambient: Ambient.fixed().0)
                let all = try await storm(limiter, 10_000, limit: 500)
                let passed = all.filter(\.isAllowed)
                #expect(passed.count == 500)
                // Every request that passed saw another remainder: 499, 498 ... 0.
                #expect(Set(passed.map(\.remaining)) == Set(0..<500))
                #expect(all.filter { !$0.isAllowed }.allSatisfy { $0.remaining == 0 && $0.limit == 500 })
                #expect(try await engine.reserved() == [500])
            }
        }
    }

    @Test(arguments: [1, 2, 7, 100, 2000]) func aSingleCallerPassesExactlyTheLimitInOrder(limit: Int) async throws {
        try await withDatabase { path in
            try await withEngine(path) { engine in
                let limiter = RateLimiter(engine: engine, ambient: Ambient.fixed().0)
                var remainders: [Int] = []
                for _ in 0..<limit {
                    let allowance = try await limiter.take(for: acme, limit: limit)
                    #expect(allowance.isAllowed)
                    remainders.append(allowance.remaining)
                }
                #expect(remainders == Array((0..<limit).reversed()))
                #expect(try await limiter.take(for: acme, limit: limit).isAllowed == false)
                try await limiter.close()
            }
        }
    }

    @Test func aKilledProcessNeverLetsMoreThroughThanTheLimit() async throws {
        try await withDatabase { path in
            var passed = 0
            // Each round loses its memory as after kill -9: neither limiter nor its counts are closed.
            for _ in 0..<5 {
                passed += try await withEngine(path) { engine in
                    let limiter = RateLimiter(engine: engine, ambient: Ambient.fixed().0)
                    return try await storm(limiter, 60, limit: 500).count(where: \.isAllowed)
                }
            }
            #expect(passed == 300)
            passed += try await withEngine(path) { engine in
                try await storm(RateLimiter(engine: engine, ambient: Ambient.fixed().0), 1000, limit: 500).count(
                    where: \.isAllowed)
            }
            #expect(passed <= 500)
            // Each kill loses at most the crowd's block and one ahead; most of the hour is still there.
            #expect(passed >= 500 - 5 * 20)
        }
    }

    @Test func aGracefulStopGivesBackWhatIsUnused() async throws {
        try await withDatabase { path in
            let (ambient, _) = Ambient.fixed()
            for round in 1...10 {
                try await withEngine(path) { engine in
                    let limiter = RateLimiter(engine: engine, ambient: ambient)
                    let allowance = try await limiter.take(for: acme, limit: 500)
                    #expect(allowance.remaining == 500 - round)
                    try await limiter.close()
                    #expect(try await engine.reserved() == [round])
                }
            }
        }
    }

    @Test func twoProcessesShareOneLimit() async throws {
        try await withDatabase { path in
            let (ambient, _) = Ambient.fixed()
            try await withEngine(path) { first in
                try await withEngine(path) { second in
                    let limiters = [
                        RateLimiter(engine: first, ambient: ambient), RateLimiter(engine: second, ambient: ambient),
                    ]
                    async let a = storm(limiters[0], 2000, limit: 500)
                    async let b = storm(limiters[1], 2000, limit: 500)
                    let passed = try await (a + b).count(where: \.isAllowed)
                    #expect(passed == 500)
                }
            }
        }
    }

    @Test func whatAnotherProcessGaveBackCanBeUsed() async throws {
        try await withDatabase { path in
            let (ambient, clock) = Ambient.fixed()
            try await withEngine(path) { engine in
                let other = RateLimiter(engine: engine, ambient: ambient)
                _ = try await other.take(for: acme, limit: 50)
                let first = RateLimiter(engine: engine, ambient: ambient)
                let passed = try await storm(first, 100, limit: 50).count(where: \.isAllowed)
                try await other.close()
                // Refused requests look again, once a second, without waiting for the answer.
                var late = 0
                for _ in 0..<200 where passed + late < 49 {
                    clock.advance(by: .milliseconds(1100))
                    if try await first.take(for: acme, limit: 50).isAllowed { late += 1 }
                    await first.settle()
                }
                #expect(passed + late == 49)
            }
        }
    }

    @Test func aNewHourBeginsAtTheFullHourWithEverything() async throws {
        try await withDatabase { path in
            try await withEngine(path) { engine in
                // 10:30:00Z on a fixed clock.
                let (ambient, clock) = Ambient.fixed(at: Instant(seconds: 1_770_114_600))
                let limiter = RateLimiter(engine: engine, ambient: ambient)
                let before = try await storm(limiter, 30, limit: 20)
                #expect(before.count(where: \.isAllowed) == 20)
                #expect(before.allSatisfy { $0.resetsAt == Instant(seconds: 1_770_116_400) })
                clock.set(Instant(milliseconds: 1_770_116_399_999))
                #expect(try await limiter.take(for: acme, limit: 20).isAllowed == false)
                clock.set(Instant(seconds: 1_770_116_400))
                let after = try await limiter.take(for: acme, limit: 20)
                #expect(
                    after == Allowance(limit: 20, remaining: 19, resetsAt: Instant(seconds: 1_770_120_000), isAllowed: true))
            }
        }
    }

    @Test func windowsThatAreOverArePruned() async throws {
        try await withDatabase { path in
            try await withEngine(path) { engine in
                let (ambient, clock) = Ambient.fixed()
                let limiter = RateLimiter(engine: engine, ambient: ambient)
                for _ in 0..<5 {
                    _ = try await limiter.take(for: acme, limit: 20)
                    clock.advance(by: .seconds(3600))
                }
                // The present window and the one before it.
                #expect(try await engine.reserved().count == 2)
            }
        }
    }

    @Test func aClockThatRunsBackwardsOrJumpsNeverTraps() async throws {
        try await withDatabase { path in
            try await withEngine(path) { engine in
                let (ambient, clock) = Ambient.fixed()
                let limiter = RateLimiter(engine: engine, ambient: ambient)
                let start = clock.now
                for seconds: Int64 in [0, -1, 3600, 3599, -7200, 9_000_000, -9_000_000_000, 0] {
                    clock.set(Instant(seconds: start.seconds + seconds))
                    let allowance = try await limiter.take(for: acme, limit: 100)
                    #expect(allowance.isAllowed)
                    #expect((0..<100).contains(allowance.remaining))
                }
            }
        }
    }

    @Test func aLimitThatChangesWithinTheHourCountsFromThenOn() async throws {
        try await withDatabase { path in
            try await withEngine(path) { engine in
                let limiter = RateLimiter(engine: engine, ambient: Ambient.fixed().0)
                let first = try await storm(limiter, 200, limit: 100).count(where: \.isAllowed)
                #expect(first == 100)
                // A larger plan: what was used counts.
                let second = try await storm(limiter, 1000, limit: 500).count(where: \.isAllowed)
                #expect(second == 400)
                #expect(try await limiter.take(for: acme, limit: 100).isAllowed == false)
                #expect(try await limiter.take(for: acme, limit: 0).isAllowed == false)
            }
        }
    }

    @Test func organizationsDoNotShareAnHour() async throws {
        try await withDatabase { path in
            try await withEngine(path) { engine in
                let limiter = RateLimiter(engine: engine, ambient: Ambient.fixed().0)
                for name in 0..<20 {
                    let organization = OrganizationID("o\(name)")
                    let first = try await limiter.take(for: organization, limit: 1)
                    #expect(first.isAllowed)
                    #expect(try await limiter.take(for: organization, limit: 1).isAllowed == false)
                }
            }
        }
    }

    @Test func withoutItsDatabaseNothingPassesUncounted() async throws {
        try await withDatabase { path in
            let engine = try SQLiteEngine(path: path)
            let limiter = RateLimiter(engine: engine, ambient: Ambient.fixed().0)
            await engine.close()
            await #expect(throws: RelationalError.self) { try await limiter.take(for: acme, limit: 10) }
        }
    }

    @Test func closedMeansNoNewBlocks() async throws {
        try await withDatabase { path in
            try await withEngine(path) { engine in
                let limiter = RateLimiter(engine: engine, ambient: Ambient.fixed().0)
                _ = try await limiter.take(for: acme, limit: 500)
                try await limiter.close()
                await #expect(throws: RelationalError.self) { try await limiter.take(for: acme, limit: 500) }
            }
        }
    }
}
