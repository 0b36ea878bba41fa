import Core
import Outbound
import Synchronization
import Testing

@testable import Storage

/// What the client does with answers that no well-behaved server gives on demand.
struct S3RetryTests {
    /// Answers from a list, then with 200; notes what it was asked.
    private final class Answers: Transport {
        typealias Answer = Result<OutboundResponse, OutboundError>
        private let state: Mutex<(answers: [Answer], requests: [OutboundRequest])>

        init(_ answers: [Answer]) { state = Mutex((answers, [])) }

        var requests: [OutboundRequest] { state.withLock { $0.requests } }

        func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
            let answer = state.withLock { state -> Answer in
                state.requests.append(request)
                return state.answers.isEmpty ? .success(OutboundResponse(status: 200)) : state.answers.removeFirst()
            }
            return try answer.get()
        }
    }

    private let key: ObjectKey
    private let pauses = Pauses()

    init() throws { key = try ObjectKey("o/m/original") }

    private final class Pauses: Sendable {
        private let list = Mutex<[Duration]>([])
        var all: [Duration] { list.withLock { $0 } }
        func note(_ duration: Duration) { list.withLock { $0.append(duration) } }
    }

    private func storage(_ transport: Answers) throws -> S3Storage {
        let (ambient, clock) = Ambient.fixed(at: Instant(seconds: 1_369_353_600))
        return S3Storage(
            try S3Settings("s3://KEY:topsecret@s3.example.com/bucket"), client: transport, ambient: ambient,
            backoff: Backoff(delays: [.seconds(1), .seconds(2), .seconds(4)], jitter: 0), partSize: 10, windowSize: 10
        ) { [pauses] in
            pauses.note($0)
            clock.advance(by: $0)
        }
    }

    private static func refusal(_ status: Int, _ code: String) -> Answers.Answer {
        let body = "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>...</Message></Error>"
        return .success(
            OutboundResponse(status: status, headers: [("Content-Type", "application/xml")], body: Array(body.utf8)))
    }

    private static func failure(_ errorClass: OutboundError.Class) -> Answers.Answer {
        .failure(OutboundError(errorClass, "s3.example.com did not.", isBeforeEffect: false))
    }

    private static func answer(
        _ status: Int, _ headers: [(name: String, value: String)] = [], _ body: String = ""
    ) -> Answers.Answer {
        .success(OutboundResponse(status: status, headers: headers, body: Array(body.utf8)))
    }

    @Test(
        arguments: [
            refusal(503, "SlowDown"), refusal(500, "InternalError"), refusal(400, "RequestTimeout"), answer(502), answer(504),
            answer(429),
            failure(.connection_reset), failure(.timeout), failure(.connect_refused), failure(.dns_error),
            failure(.body_timeout),
        ] as [Result<OutboundResponse, OutboundError>])
    func whatMayPassIsTriedAgainWithANewSignature(answer: Result<OutboundResponse, OutboundError>) async throws {
        let transport = Answers([answer, answer])
        try await storage(transport).put(key, [1], contentType: "image/png")
        #expect(transport.requests.count == 3)
        #expect(pauses.all == [.seconds(1), .seconds(2)])
        let dates = transport.requests.map { $0.headers.first { $0.name == "x-amz-date" }?.value }
        #expect(dates == ["20130524T000000Z", "20130524T000001Z", "20130524T000003Z"])
        #expect(Set(transport.requests.map { $0.headers.first { $0.name == "Authorization" }?.value }).count == 3)
    }

    @Test func triesEndWithTheSchedule() async throws {
        let transport = Answers(Array(repeating: Self.refusal(503, "SlowDown"), count: 10))
        let storage = try storage(transport)
        let issue = await issue { () throws(StorageIssue) in try await storage.put(key, [1], contentType: "image/png") }
        #expect(issue?.kind == .unavailable)
        #expect(issue?.message.contains("SlowDown") ?? false)
        #expect(transport.requests.count == 4)
        #expect(pauses.all == [.seconds(1), .seconds(2), .seconds(4)])
    }

    @Test(
        arguments: [
            (refusal(403, "SignatureDoesNotMatch"), .denied, "secret does not belong"),
            (refusal(403, "InvalidAccessKeyId"), .denied, "access key is not known"),
            (refusal(403, "AccessDenied"), .denied, "ListBucket"),
            (refusal(403, "RequestTimeTooSkewed"), .denied, "NTP"),
            (answer(403), .denied, "status 403"),
            (refusal(404, "NoSuchBucket"), .missingBucket, "does not exist"),
            (refusal(400, "AuthorizationHeaderMalformed"), .missingBucket, "region us-east-1"),
            (answer(301), .missingBucket, "elsewhere"),
            (answer(507), .full, "no room"),
            (answer(418, [], "<html>"), .unexpectedAnswer, "status 418"),
            (refusal(400, "<b>&"), .unexpectedAnswer, "status 400"),
            (failure(.tls_untrusted), .unavailable, "cannot be reached"),
            (failure(.blocked_address), .unavailable, "cannot be reached"),
        ] as [(Result<OutboundResponse, OutboundError>, StorageIssue.Kind, String)])
    func whatWillNotPassIsSaidAtOnce(
        answer: Result<OutboundResponse, OutboundError>, kind: StorageIssue.Kind, says: String
    ) async throws {
        let transport = Answers([answer])
        let storage = try storage(transport)
        let issue = await issue { () throws(StorageIssue) in _ = try await storage.get(key, range: nil) }
        #expect(issue?.kind == kind)
        #expect(issue?.message.contains(says) ?? false, "\(issue?.message ?? "")")
        #expect(!(issue?.message.contains("topsecret") ?? true))
        #expect(transport.requests.count == 1)
    }

    @Test func anUploadThatFailsIsAbandonedAndItsEndMayHideAnError() async throws {
        let beginning = Self.answer(200, [], "<R><UploadId>a&amp;b/c</UploadId></R>")
        let part = Self.answer(200, [("ETag", "\"1\"")])
        let hidden = Self.answer(200, [], "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code></Error>")
        let transport = Answers([beginning, part, part, part, hidden, hidden, Self.answer(404)])
        let storage = try storage(transport)
        let issue = await issue { () throws(StorageIssue) in
            try await storage.put(key, noise(25), contentType: "image/png")
        }
        #expect(issue?.kind == .unavailable)
        #expect(
            transport.requests.map { "\($0.method) \($0.url.split(separator: "?").last ?? "")" } == [
                "POST uploads=", "PUT partNumber=1&uploadId=a%26b%2Fc", "PUT partNumber=2&uploadId=a%26b%2Fc",
                "PUT partNumber=3&uploadId=a%26b%2Fc", "POST uploadId=a%26b%2Fc", "POST uploadId=a%26b%2Fc",
                "POST uploadId=a%26b%2Fc", "DELETE uploadId=a%26b%2Fc",
            ])
        #expect(transport.requests.map(\.body.count).prefix(4) == [0, 10, 10, 5])
        let parts = String(decoding: transport.requests[4].body, as: UTF8.self)
        #expect(parts.hasPrefix("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\"1\"</ETag></Part><Part>"))
    }

    @Test func anXMLFileIsNoError() async throws {
        let text = "<Error><Code>NoSuchBucket</Code></Error>"
        let transport = Answers([Self.answer(200, [("Content-Type", "application/xml")], text)])
        #expect(try await storage(transport).get(key, range: nil)?.bytes == Array(text.utf8))
    }

    @Test(
        arguments: [
            answer(206, [("Content-Range", "bytes 0-4/100")], "12345"), answer(206, [], "12345"),
            answer(206, [("Content-Range", "bytes 5-9/100")], "1234"), answer(206, [("Content-Range", "bytes 5-9/7")], "12345"),
            answer(206, [("Content-Range", "bytes 5-x/100")], "12345"), answer(206, [("Content-Range", "bytes 5-6/100")], "12"),
            answer(200, [], "0123456789"),
        ] as [Result<OutboundResponse, OutboundError>])
    func otherBytesThanWereAskedForAreRefused(answer: Result<OutboundResponse, OutboundError>) async throws {
        let storage = try storage(Answers([answer]))
        let issue = await issue { () throws(StorageIssue) in _ = try await storage.get(key, range: 5..<10) }
        #expect(issue?.kind == .unexpectedAnswer)
    }

    @Test func aStreamAsksForTheVersionThatItBeganWith() async throws {
        func window(_ range: String, _ tag: String) -> Answers.Answer {
            Self.answer(
                206, [("Content-Range", "bytes \(range)/25"), ("ETag", tag)],
                String(repeating: "x", count: range == "20-24" ? 5 : 10))
        }
        let good = Answers([window("0-9", "\"v1\""), window("10-19", "\"v1\""), window("20-24", "\"v1\"")])
        #expect(try await collect(try #require(try await storage(good).stream(key, range: nil))).bytes.count == 25)
        #expect(good.requests.map { $0.headers.first { $0.name == "If-Match" }?.value } == [nil, "\"v1\"", "\"v1\""])
        // A server that does not know If-Match shows by its tag that the object is another one.
        for second in [window("10-19", "\"v2\""), Self.refusal(412, "PreconditionFailed"), Self.refusal(404, "NoSuchKey")] {
            let stream = try #require(try await storage(Answers([window("0-9", "\"v1\""), second])).stream(key, range: nil))
            let issue = await issue { () throws(StorageIssue) in _ = try await collect(stream) }
            #expect(issue?.kind == .damaged)
        }
    }
}
