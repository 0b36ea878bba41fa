import Contract
import Core
import Features
import Relational
import Testing

/// The ledger, on a real database.
@Suite(.serialized, .timeLimit(.minutes(3))) struct CreditTests {
    private func reserve(
        _ world: CreationWorld, _ id: String, _ count: Int = 1, of action: CreditAction = .image
    ) async throws -> CreditReservation {
        let (credits, organization) = (world.credits, world.organization)
        return try await credits.engine.write { connection in
            try credits.reserve(
                action, count: count, for: CreditSubject("test", id), in: organization.organizationID, by: nil, on: connection)
        }
    }

    private func settle(_ world: CreationWorld, _ id: String, _ amount: Int64? = nil) async throws -> CreditReservation {
        let (credits, organization) = (world.credits, world.organization.organizationID)
        return try await credits.engine.write {
            try credits.settle(CreditSubject("test", id), amount: amount, in: organization, on: $0)
        }
    }

    private func release(_ world: CreationWorld, _ id: String) async throws -> CreditReservation {
        let (credits, organization) = (world.credits, world.organization.organizationID)
        return try await credits.engine.write { try credits.release(CreditSubject("test", id), in: organization, on: $0) }
    }

    private func grant(_ world: CreationWorld, _ amount: Int64, until end: Instant?) async throws -> CreditBatch {
        let (credits, organization) = (world.credits, world.organization.organizationID)
        return try await credits.engine.write {
            try credits.grant(amount, as: .purchase, expiresAt: end, note: nil, to: organization, on: $0)
        }
    }

    private func balance(_ world: CreationWorld) async throws -> CreditBalance {
        try await world.credits.balance(of: world.organization.organizationID)
    }

    private func code(_ body: () async throws -> Void) async -> ErrorCode? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? APIError)?.code
        }
    }

    @Test func whatIsReservedIsChargedOnceOrGivenBackOnce() async throws {
        let world = try await CreationWorld()
        #expect(try await balance(world).available == 200)
        #expect(try await reserve(world, "a", 2).amount == 8)
        #expect(try await reserve(world, "a", 2).amount == 8)
        let held = try await balance(world)
        #expect(held.available == 192 && held.held == 8)
        #expect(try await settle(world, "a").charged == 8)
        #expect(try await settle(world, "a").charged == 8)
        #expect(try await release(world, "a").state == .settled)
        _ = try await reserve(world, "b")
        #expect(try await release(world, "b").state == .released)
        #expect(try await release(world, "b").state == .released)
        let refused = await code { _ = try await settle(world, "b") }
        #expect(refused == .conflict)
        // Less was done than was reserved.
        _ = try await reserve(world, "c", 3)
        #expect(try await settle(world, "c", 4).charged == 4)
        let end = try await balance(world)
        #expect(end.available == 188 && end.held == 0)
        let unknown = await code { _ = try await settle(world, "nobody") }
        #expect(unknown == .notFound)
        #expect(try await world.ledgerIssues() == [])
    }

    @Test func whatIsNotThereIsRefusedWithNeedAndBalance() async throws {
        let world = try await CreationWorld()
        _ = try await reserve(world, "a", 49)
        do {
            _ = try await reserve(world, "b", 2)
            Issue.record("reserved more than there is")
        } catch let error as APIError {
            #expect(error.code == .insufficientCredits && error.code.status == 403)
            #expect(error.message == "This needs 8 credits; 4 are left. The plan's next 200 come at 2026-03-03T10:30:00Z.")
        }
        _ = try await reserve(world, "b", 1)
        let extreme = await code { _ = try await reserve(world, "c", .max) }
        #expect(extreme == .insufficientCredits)
        #expect(try await reserve(world, "free", 5, of: .hashtags).amount == 0)
        #expect(try await balance(world).available == 0)
        #expect(try await world.ledgerIssues() == [])
    }

    @Test func thePlansCreditsComeEachMonthAndDoNotRollOver() async throws {
        // Since January 31st, noon.
        let start = try #require(Instant(iso8601: "2026-01-31T12:00:00Z"))
        let world = try await CreationWorld(at: start)
        _ = try await reserve(world, "a", 10)
        let renewals = [
            "2026-02-28T12:00:00Z", "2026-03-31T12:00:00Z", "2026-04-30T12:00:00Z", "2026-05-31T12:00:00Z",
        ]
        for (index, text) in renewals.enumerated() {
            let renewal = try #require(Instant(iso8601: text))
            #expect(try await balance(world).period.upperBound == renewal)
            world.clock.set(renewal - .milliseconds(1))
            #expect(try await balance(world).available == (index == 0 ? 160 : 199))
            world.clock.set(renewal)
            #expect(try await balance(world).available == 200)
            _ = try await reserve(world, "month \(index)", of: .caption)
            #expect(try await settle(world, "month \(index)").charged == 1)
        }
        // What was held over the end is still charged, or gone when it is given back.
        #expect(try await balance(world).held == 40)
        #expect(try await settle(world, "a", 20).charged == 20)
        #expect(try await balance(world).available == 199)
        let expired = try await world.number("SELECT sum(expired) FROM credit_batch")
        #expect(expired == 160 + 199 * 3 + 20)
        // Months in which nobody looked bring nothing.
        world.clock.advance(by: .seconds(400 * 86_400))
        #expect(try await balance(world).available == 200)
        #expect(try await world.number("SELECT count(*) FROM credit_batch") == 6)
        #expect(try await world.ledgerIssues() == [])
    }

    @Test func whatEndsSoonestIsSpentFirst() async throws {
        let world = try await CreationWorld()
        let now = world.ambient.now()
        let forever = try await grant(world, 50, until: nil)
        let soon = try await grant(world, 6, until: now + .seconds(3_600))
        _ = try await reserve(world, "a", 2)
        let batches = try await balance(world).batches
        #expect(batches.map(\.id) == [soon.id, batches[1].id, forever.id])
        #expect(batches.map(\.available) == [0, 198, 50])
        world.clock.advance(by: .seconds(3_601))
        #expect(try await release(world, "a").state == .released)
        let later = try await balance(world)
        #expect(later.batches.map(\.available) == [200, 50])
        #expect(later.available == 250)
        #expect(try await world.ledgerIssues() == [])
        let wrong = await code { _ = try await grant(world, 0, until: nil) }
        let past = await code { _ = try await grant(world, 1, until: now) }
        #expect(wrong == .invalidRequest && past == .invalidRequest)
    }

    @Test func aPlanWithoutALimitIsCountedAllTheSame() async throws {
        let world = try await CreationWorld(plan: .enterprise)
        _ = try await reserve(world, "a", 1_000)
        #expect(try await settle(world, "a").charged == 4_000)
        let balance = try await balance(world)
        #expect(balance.available == nil && balance.isUnlimited && balance.batches.first?.spent == 4_000)
        #expect(try await world.ledgerIssues() == [])
    }

    /// Hundreds of tasks reserve, settle and release at once while months pass: no credit is spent twice or lost.
    @Test(arguments: [1, 2, 3] as [UInt64]) func theLedgerBalancesUnderConcurrency(_ seed: UInt64) async throws {
        let world = try await CreationWorld()
        let refusals = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<150 {
                group.addTask {
                    var random = SplitMix64(state: seed &* 1_000 &+ UInt64(number))
                    // Some share a subject, so that repeats meet each other.
                    let id = "s\(number % 120)"
                    if number % 25 == 0 { world.clock.advance(by: .seconds(9 * 86_400)) }
                    if number % 40 == 0 { _ = try await grant(world, 30, until: world.ambient.now() + .seconds(86_400 * 60)) }
                    do {
                        _ = try await reserve(world, id, Int.random(in: 0...4, using: &random))
                    } catch let error as APIError where error.code == .insufficientCredits {
                        return 1
                    }
                    switch Int.random(in: 0...3, using: &random) {
                    case 0: _ = await code { _ = try await release(world, id) }
                    case 1: _ = await code { _ = try await settle(world, id) }
                    case 2: _ = await code { _ = try await settle(world, id, Int64.random(in: -1...20, using: &random)) }
                    default: break
                    }
                    return 0
                }
            }
            return try await group.reduce(0, +)
        }
        let issues = try await world.ledgerIssues()
        #expect(issues == [])
        #expect(refusals < 150)
        let reservations = try await world.number("SELECT count(*) FROM credit_reservation")
        #expect(reservations + Int64(refusals) >= 120)
    }

    /// A hundred at once for credits that suffice for fifty.
    @Test func exactlyWhatIsThereCanBeSpentAtOnce() async throws {
        let world = try await CreationWorld()
        let granted = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let refused = await code { _ = try await reserve(world, "s\(number)") }
                    return refused == nil ? 1 : 0
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(granted == 50)
        #expect(try await world.ledgerIssues() == [])
    }
}
