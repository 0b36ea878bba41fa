import Core
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import Outbound

/// The D group of the acceptance list: what a delivery meets on its way.
@Suite(.serialized, .timeLimit(.minutes(1))) struct DeliveryTests {
    @Test func theBytesAndHeadersArriveAsGiven() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(201, headers: [("X-Answer", "yes")], body: "thanks"))
        let client = try makeClient(allow: receiver.authority)
        let body = Array(#"{"b":1,"a":"ü\u00e9"}"#.utf8)
        let response = try await client.send(
            OutboundRequest(
                "POST", receiver.baseURL + "/hook?x=1",
                headers: [("X-Second", "2"), ("x-first", "1"), ("Content-Type", "application/json")],
                body: body))
        #expect(response.status == 201)
        #expect(response.header("x-answer") == "yes")
        #expect(response.body == Array("thanks".utf8))
        #expect(response.remoteAddress == "127.0.0.1")
        let request = try #require(try await receiver.waitForRequests(1).first)
        #expect(request.method == "POST")
        #expect(request.target == "/hook?x=1")
        #expect(request.body == body)
        #expect(request.headers.map(\.name) == ["Host", "X-Second", "x-first", "Content-Type", "Content-Length"])
        #expect(request.header("host") == receiver.authority)
        #expect(request.header("content-length") == "\(body.count)")
        await receiver.stop()
    }

    @Test func framingHeadersOfTheCallerAreLeftOut() async throws {
        let receiver = try await TestReceiver.start()
        let client = try makeClient(allow: receiver.authority)
        let headers = [
            ("Host", "evil.test"), ("Content-Length", "0"), ("Transfer-Encoding", "chunked"), ("Connection", "close"),
            ("A", "b"),
        ]
        _ = try await client.send(
            OutboundRequest("POST", receiver.baseURL, headers: headers.map { (name: $0.0, value: $0.1) }, body: [1, 2]))
        let request = try #require(receiver.requests.first)
        #expect(request.headers.map(\.name) == ["Host", "A", "Content-Length"])
        #expect(request.header("host") == receiver.authority)
        #expect(request.body == [1, 2])
        await receiver.stop()
    }

    @Test func s7HeadersCannotBreakOutOfTheirLine() async throws {
        let receiver = try await TestReceiver.start()
        let client = try makeClient(allow: receiver.authority)
        for (name, value) in [
            ("A", "s3cret\r\nX: y"), ("A", "s3cret\n"), ("A", "s3cret\u{0}"), ("A B", "s3cret"), ("A:", "s3cret"),
            ("", "s3cret"),
        ] {
            let error = await failure(of: client, OutboundRequest("GET", receiver.baseURL, headers: [(name, value)]))
            #expect(error?.isBeforeEffect == true)
            #expect(error?.message.contains("s3cret") == false)
        }
        #expect(await failure(of: client, OutboundRequest("GET /x HTTP/1.1\r\nA:", receiver.baseURL)) != nil)
        #expect(receiver.requests.isEmpty)
        await receiver.stop()
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func d10RedirectsAreAnswersAndTheSecondURLIsNeverVisited(_ status: Int) async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer("/a", with: .status(status, headers: [("Location", receiver.baseURL + "/b")]))
        let client = try makeClient(allow: receiver.authority)
        let response = try await client.send(OutboundRequest("POST", receiver.baseURL + "/a", body: [1]))
        #expect(response.status == status)
        #expect(response.header("location") == receiver.baseURL + "/b")
        // A later request proves that no hidden one came in between.
        _ = try await client.send(OutboundRequest("GET", receiver.baseURL + "/end"))
        #expect(try await receiver.waitForRequests(2).map(\.path) == ["/a", "/end"])
        await receiver.stop()
    }

    @Test func d14ABodyThatNeverEndsFailsAtTheDeadlineAndFreesItsConnection() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer("/drip", with: .drip())
        var limits = OutboundLimits()
        limits.connectionsPerOrigin = 1
        let client = try makeClient(allow: receiver.authority, limits: limits)
        // The connection is there already, so that the short deadline is the answer's alone.
        _ = try await client.send(OutboundRequest("POST", receiver.baseURL))
        let error = await failure(of: client, OutboundRequest("POST", receiver.baseURL + "/drip", deadline: .seconds(2)))
        #expect(error?.errorClass == .body_timeout)
        #expect(error?.isBeforeEffect == false)
        #expect((error?.phases.total ?? 0) >= 2_000)
        // The one slot there is must be free for this.
        #expect(try await client.send(OutboundRequest("POST", receiver.baseURL + "/ok")).status == 200)
        #expect(client.counters.connectionsOpened == 2)
        await receiver.stop()
    }

    @Test func aPeerThatNeverAnswersFailsAtTheDeadline() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(200), .hang)
        let client = try makeClient(allow: receiver.authority)
        _ = try await client.send(OutboundRequest("POST", receiver.baseURL))
        let error = await failure(of: client, OutboundRequest("POST", receiver.baseURL, deadline: .seconds(2)))
        #expect(error?.errorClass == .timeout)
        #expect(error?.isBeforeEffect == false)
        #expect(client.counters.connectionsOpen == 0)
        await receiver.stop()
    }

    @Test func d15LargeAnswersAreCutAndMarked() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer("/ten", with: .status(200, bytes: Array(repeating: 0x61, count: 10_000_000)))
        receiver.answer("/endless", with: .endless)
        let client = try makeClient(allow: receiver.authority)
        for path in ["/ten", "/endless"] {
            let response = try await client.send(OutboundRequest("POST", receiver.baseURL + path, maximumResponseBytes: 16_384))
            #expect(response.status == 200)
            #expect(response.isTruncated)
            #expect(response.body.count == 16_384)
        }
        #expect(client.counters.connectionsOpen == 0)
        await receiver.stop()
    }

    @Test func d16CompressedAnswersAreNotInflatedAndNotAskedFor() async throws {
        let receiver = try await TestReceiver.start()
        let gzip: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFE]
        receiver.answer(with: .status(200, headers: [("Content-Encoding", "gzip")], bytes: gzip))
        let client = try makeClient(allow: receiver.authority)
        let response = try await client.send(OutboundRequest("GET", receiver.baseURL))
        #expect(response.body == gzip)
        #expect(receiver.requests.first?.header("accept-encoding") == nil)
        await receiver.stop()
    }

    @Test func d18ManyDeliveriesToOneHostOpenNoMoreConnectionsThanRunAtOnce() async throws {
        let receiver = try await TestReceiver.start()
        let client = try makeClient(allow: receiver.authority)
        let url = receiver.baseURL
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    for _ in 0..<62 {
                        guard try await client.send(OutboundRequest("POST", url, body: [1])).status == 200 else { return 0 }
                    }
                    return 62
                }
            }
            var answered = 0
            for try await count in group { answered += count }
            #expect(answered == 992)
        }
        #expect(receiver.requests.count == 992)
        #expect(receiver.connectionsOpened <= 16)
        #expect(client.counters.connectionsOpened == receiver.connectionsOpened)
        #expect(client.counters.connectionsReused == 992 - receiver.connectionsOpened)
        await receiver.stop()
    }

    @Test func d19AConnectionClosedByThePeerWhileUnusedIsReplacedUnnoticed() async throws {
        let receiver = try await TestReceiver.start()
        let client = try makeClient(allow: receiver.authority)
        for round in 1...3 {
            let response = try await client.send(OutboundRequest("POST", receiver.baseURL, body: [UInt8(round)]))
            #expect(response.status == 200)
            #expect(!response.phases.reusedConnection)
            await receiver.closeConnections()
        }
        #expect(receiver.requests.map(\.body) == [[1], [2], [3]])
        await receiver.stop()
    }

    /// The peer reads the request and closes: on a kept connection that looks like one that was stale.
    @Test func d19ARequestOnAStaleConnectionIsSentOnceMoreOnANewOne() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(200), .closeWithoutAnswer, .status(202))
        let client = try makeClient(allow: receiver.authority)
        _ = try await client.send(OutboundRequest("POST", receiver.baseURL))
        let response = try await client.send(OutboundRequest("POST", receiver.baseURL))
        #expect(response.status == 202)
        #expect(!response.phases.reusedConnection)
        #expect(receiver.requests.map(\.connection) == [1, 1, 2])
        await receiver.stop()
    }

    @Test func requestsThatMustNotHappenTwiceUseANewConnectionAndAreNeverRepeated() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(200), .closeWithoutAnswer)
        let client = try makeClient(allow: receiver.authority)
        _ = try await client.send(OutboundRequest("POST", receiver.baseURL))
        let error = await failure(of: client, OutboundRequest("POST", receiver.baseURL, retriesStaleConnection: false))
        #expect(error?.errorClass == .connection_reset)
        #expect(error?.isBeforeEffect == false)
        #expect(receiver.requests.map(\.connection) == [1, 2])
        await receiver.stop()
    }

    @Test func aNewConnectionThatClosesWithoutAnswerIsAFailure() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .closeWithoutAnswer)
        let client = try makeClient(allow: receiver.authority)
        let error = await failure(of: client, OutboundRequest("POST", receiver.baseURL))
        #expect(error?.errorClass == .connection_reset)
        #expect(error?.isBeforeEffect == false)
        #expect(receiver.requests.count == 1)
        await receiver.stop()
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "\u{0}\u{1}garbage\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    ])
    func malformedAnswersAreRefusedAndTheirConnectionIsNotUsedAgain(_ text: String) async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer("/bad", with: .raw(text))
        let client = try makeClient(allow: receiver.authority)
        let error = await failure(of: client, OutboundRequest("POST", receiver.baseURL + "/bad"))
        #expect(error?.errorClass == .invalid_response)
        #expect(error?.isBeforeEffect == false)
        #expect(try await client.send(OutboundRequest("POST", receiver.baseURL + "/good")).status == 200)
        #expect(receiver.requests.map(\.connection) == [1, 2])
        await receiver.stop()
    }

    @Test func anAnswerInFrontOfTheNextRequestIsNotTakenForItsAnswer() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .raw("HTTP/1.1 204 No\r\n\r\nHTTP/1.1 299 Smuggled\r\nContent-Length: 0\r\n\r\n"), .status(200))
        let client = try makeClient(allow: receiver.authority)
        #expect(try await client.send(OutboundRequest("POST", receiver.baseURL)).status == 204)
        #expect(try await client.send(OutboundRequest("POST", receiver.baseURL)).status == 200)
        #expect(receiver.connectionsOpened == 2)
        await receiver.stop()
    }

    @Test func interimAnswersAreSkippedAndBodiesWithoutLengthAreRead() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(
            "/early", with: .raw("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
        receiver.answer("/close", with: .raw("HTTP/1.0 200 OK\r\n\r\nold").thenClosing)
        let client = try makeClient(allow: receiver.authority)
        #expect(try await client.send(OutboundRequest("GET", receiver.baseURL + "/early")).body == Array("ok".utf8))
        let old = try await client.send(OutboundRequest("GET", receiver.baseURL + "/close"))
        #expect(old.body == Array("old".utf8))
        #expect(!old.isTruncated)
        #expect(try await client.send(OutboundRequest("HEAD", receiver.baseURL + "/early")).body.isEmpty)
        await receiver.stop()
    }

    @Test func largeBodiesArriveWhole() async throws {
        let receiver = try await TestReceiver.start()
        let client = try makeClient(allow: receiver.authority)
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(try await client.send(OutboundRequest("PUT", receiver.baseURL, body: body)).status == 200)
        #expect(try #require(receiver.requests.first).body == body)
        #expect(try await client.send(OutboundRequest("PUT", receiver.baseURL, body: [7])).phases.reusedConnection)
        await receiver.stop()
    }

    @Test func phasesTellWhatHappened() async throws {
        let receiver = try await TestReceiver.start()
        let client = try makeClient(allow: "127.0.0.1", resolver: Names(["receiver.test": [["127.0.0.1"]]]))
        let url = "https://receiver.test:\(receiver.port)/"
        let first = try await client.send(OutboundRequest("GET", url)).phases
        #expect(first.dns != nil && first.connect != nil && first.tls != nil && first.ttfb != nil && !first.reusedConnection)
        let second = try await client.send(OutboundRequest("GET", url)).phases
        #expect(
            second.dns == nil && second.connect == nil && second.tls == nil && second.ttfb != nil && second.reusedConnection)
        #expect(second.total >= second.ttfb ?? 0)
        await receiver.stop()
    }
}
