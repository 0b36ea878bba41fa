import AudenciClient
import Foundation
import Testing

/// When a request is sent again, what is then the same, and how long before.
struct RetryTests {
    private let draft = PostDraft(brandId: "b1", caption: "Hello", platforms: [.mastodon])

    @Test func aWriteIsRepeatedWithItsKeyAndItsBytes() async throws {
        let fake = FakeClient(
            .fails(TransportError("reset", isTransient: true)), .answer(500, ""), .answer(201, Sample.post))
        #expect(try await fake.client.posts.create(draft).id == "c1")
        let requests = fake.transport.requests
        #expect(requests.count == 3)
        #expect(requests.map(\.idempotencyKey) == ["key-1", "key-1", "key-1"])
        #expect(Set(requests.map(\.text)).count == 1)
    }

    @Test func everyWriteHasAKeyOfItsOwnAndAReadNone() async throws {
        let fake = FakeClient(.answer(202, Sample.post), .answer(202, Sample.post), .answer(200, Sample.post))
        try await fake.client.posts.publish("c1")
        try await fake.client.posts.publish("c1")
        _ = try await fake.client.posts.get("c1")
        #expect(fake.transport.requests.map(\.idempotencyKey) == ["key-1", "key-2", nil])
    }

    @Test func aKeyOfTheCallersIsUsedAsItIs() async throws {
        let fake = FakeClient(.answer(201, Sample.post))
        _ = try await fake.client.posts.create(draft, idempotencyKey: "order-17")
        #expect(fake.transport.requests.map(\.idempotencyKey) == ["order-17"])
    }

    @Test(arguments: [429, 503]) func whatTheServerAsksToWaitIsWaited(status: Int) async throws {
        let fake = FakeClient(.answer(status, Sample.error("x"), headers: ["retry-after": "7"]), .answer(200, Sample.post))
        _ = try await fake.client.posts.get("c1")
        #expect(fake.waits == [.seconds(7)])
    }

    @Test func aDateToWaitForIsUnderstood() async throws {
        // Now is Tue, 03 Feb 2026 10:30:00 GMT.
        let fake = FakeClient(
            .answer(503, "", headers: ["Retry-After": "Tue, 03 Feb 2026 10:30:09 GMT"]), .answer(200, Sample.post))
        _ = try await fake.client.posts.get("c1")
        #expect(fake.waits == [.seconds(9)])
    }

    @Test func moreThanTheCallersPatienceIsAnErrorAtOnceThatSaysHowLong() async throws {
        let fake = FakeClient(.answer(429, Sample.error("rate_limited"), headers: ["Retry-After": "1800"]))
        let error = await #expect(throws: AudenciError.self) { try await fake.client.posts.get("c1") }
        #expect(error?.code == .rateLimited)
        #expect(error?.retryAfter == .seconds(1800))
        #expect(fake.waits.isEmpty)
    }

    @Test func waitsDoubleUpToTheirCap() async throws {
        let failures = Array(repeating: FakeTransport.Reply.answer(502, ""), count: 8)
        let policy = RetryPolicy(attempts: 8, base: .milliseconds(500), cap: .seconds(5))
        let fake = FakeClient(failures, retries: policy)
        await #expect(throws: AudenciError.self) { try await fake.client.posts.get("c1") }
        #expect(fake.waits == [0.5, 1, 2, 4, 5, 5, 5].map { .seconds($0) })
        #expect(fake.transport.requests.count == 8)
    }

    @Test(arguments: [(0.0, 0), (0.25, 125), (1.0, 500)]) func jitterIsFull(jitter: Double, milliseconds: Int) async throws {
        let fake = FakeClient(.answer(500, ""), .answer(200, Sample.post), jitter: jitter)
        _ = try await fake.client.posts.get("c1")
        #expect(fake.waits == [.milliseconds(milliseconds)])
    }

    @Test(arguments: [400, 401, 403, 404, 405, 409, 412, 413, 415, 501]) func whatStaysWrongIsNotRepeated(status: Int)
        async throws
    {
        let fake = FakeClient(.answer(status, Sample.error("conflict"), headers: ["Retry-After": "1"]))
        let error = await #expect(throws: AudenciError.self) { try await fake.client.posts.publish("c1") }
        #expect(error?.status == status)
        #expect(fake.transport.requests.count == 1)
    }

    @Test func whatIsStillUnderWayOnTheServerIsAskedForAgain() async throws {
        let fake = FakeClient(
            .fails(TransportError("timed out", isTransient: true)),
            .answer(409, Sample.error("idempotency_in_flight"), headers: ["Retry-After": "1"]),
            .answer(201, Sample.post, headers: ["Idempotency-Replayed": "true"]))
        #expect(try await fake.client.posts.create(draft).id == "c1")
        #expect(fake.waits == [.milliseconds(500), .seconds(1)])
    }

    @Test func whatCannotGetBetterIsNotTriedAgain() async throws {
        let fake = FakeClient(.fails(TransportError("the certificate has expired", isTransient: false)))
        let error = await #expect(throws: AudenciError.self) { try await fake.client.posts.get("c1") }
        #expect(error?.code == .connectionFailed)
        #expect(error?.status == nil)
        #expect(error?.message == "a.test gave no answer: the certificate has expired")
    }

    @Test func aPolicyOfNoRetriesSendsOnce() async throws {
        let fake = FakeClient(.answer(503, "", headers: ["Retry-After": "1"]), retries: .never)
        await #expect(throws: AudenciError.self) { try await fake.client.posts.get("c1") }
        #expect(fake.transport.requests.count == 1)
    }

    @Test func aCancelledTaskEndsWithCancellationAndSendsNothingMore() async throws {
        let fake = FakeClient(.answer(500, ""), .answer(500, ""), .answer(500, ""), .answer(500, ""))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await fake.client.posts.get("c1")
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(fake.transport.requests.isEmpty)
    }
}
