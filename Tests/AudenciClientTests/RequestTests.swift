import AudenciClient
import Foundation
import Testing

/// What goes over the wire.
struct RequestTests {
    @Test func aRequestCarriesTheKeyAndSaysWhatItAccepts() async throws {
        let fake = FakeClient(.answer(200, Sample.post))
        _ = try await fake.client.posts.get("c1")
        let headers = try #require(fake.transport.requests.first?.headers)
        #expect(headers["Authorization"] == "Bearer sk_test")
        #expect(headers["Accept"] == "application/json")
        #expect(headers["Content-Type"] == nil)
    }

    @Test(arguments: ["https://a.test", "https://a.test/", "https://a.test/api", "https://a.test/api/"])
    func theBaseMayEndWithAPI(base: String) async throws {
        let fake = FakeClient([.answer(200, Sample.post)], base: base)
        _ = try await fake.client.posts.get("c1")
        #expect(fake.transport.requests.map(\.url.absoluteString) == ["https://a.test/api/posts/c1"])
    }

    @Test func aServerMayLiveBelowAPath() async throws {
        let fake = FakeClient(
            [.answer(200, Sample.post)], base: "https://a.test/social media/audenci".replacing(" ", with: "%20"))
        _ = try await fake.client.posts.get("c1")
        #expect(fake.lines == ["GET /social%20media/audenci/api/posts/c1"])
    }

    @Test func anIDCannotReachAnotherResource() async throws {
        let fake = FakeClient(.answer(200, Sample.post))
        _ = try await fake.client.posts.get("../keys?x=1#y")
        #expect(fake.lines == ["GET /api/posts/..%2Fkeys%3Fx%3D1%23y"])
    }

    @Test(arguments: ["", ".", ".."]) func whatIsNoIDIsNotSent(id: String) async throws {
        let fake = FakeClient()
        let error = await #expect(throws: AudenciError.self) { try await fake.client.posts.delete(id) }
        #expect(error?.code == .unusableRequest)
        #expect(fake.transport.requests.isEmpty)
    }

    @Test(arguments: ["ftp://a.test", "a.test", "/tmp"]) func whatIsNoServerIsNotAsked(base: String) async throws {
        let fake = FakeClient([], base: base)
        let error = await #expect(throws: AudenciError.self) { try await fake.client.me() }
        #expect(error?.code == .unusableRequest)
    }

    @Test(arguments: ["", "sk_1\r\nX-Evil: 1", "sk prod"]) func aKeyThatWouldBreakTheHeaderIsRefused(key: String) async throws {
        let url = try #require(URL(string: "https://a.test"))
        let client = APIClient(baseURL: url, key: key, transport: FakeTransport([]))
        let error = await #expect(throws: AudenciError.self) { try await client.me() }
        #expect(error?.code == .unusableRequest)
        #expect(error.map { !"\($0)".contains("Evil") } == true)
    }

    @Test func theKeyIsInNoDumpOfTheClient() throws {
        let client = APIClient(baseURL: try #require(URL(string: "https://a.test")), key: "sk_prod_visible")
        var dumped = ""
        dump(client, to: &dumped)
        #expect(!dumped.contains("sk_prod_visible") && !"\(client)".contains("sk_prod_visible"))
        #expect(!String(reflecting: client).contains("sk_prod_visible"))
    }

    @Test func aConditionIsSentWithTheVersionThatWasRead() async throws {
        let fake = FakeClient(
            .answer(200, Sample.post), .answer(200, Sample.post), .answer(412, Sample.error("precondition_failed")))
        let post = try await fake.client.posts.get("c1")
        _ = try await fake.client.posts.update("c1", PostChange(caption: "New"), ifMatch: post.etag)
        let error = await #expect(throws: AudenciError.self) { try await fake.client.posts.delete("c1", ifMatch: "\"2\"") }
        #expect(fake.transport.requests.map { $0.headers["If-Match"] } == [nil, "\"3\"", "\"2\""])
        #expect(error?.code == .preconditionFailed)
    }

    @Test func aRehearsalAsksForADryRunOfEveryWrite() async throws {
        let fake = FakeClient(.answer(201, Sample.post), .answer(200, Sample.post))
        let draft = PostDraft(brandId: "b1", caption: "Hello", platforms: [])
        _ = try await fake.client.rehearsing.posts.create(draft)
        _ = try await fake.client.rehearsing.posts.get("c1")
        #expect(fake.lines == ["POST /api/posts?dryRun=true", "GET /api/posts/c1"])
    }

    @Test func aChangeSaysOnlyWhatItChanges() async throws {
        let fake = FakeClient(.answer(200, Sample.post))
        let change = PostChange(
            caption: "New", title: .clear, link: .set("https://b.test/?a=1"), scheduledFor: .set(FakeClient.now))
        _ = try await fake.client.posts.update("c1", change)
        #expect(
            fake.transport.requests.map(\.text) == [
                #"{"caption":"New","link":"https://b.test/?a=1","scheduledFor":"2026-02-03T10:30:00Z","title":null}"#
            ])
    }

    @Test func aDraftLeavesOutWhatItDoesNotSay() async throws {
        let fake = FakeClient(.answer(201, Sample.post))
        _ = try await fake.client.posts.create(
            PostDraft(
                brandId: "b1", caption: "Hi", platforms: [.x, "newest_platform"], status: .scheduled,
                scheduledFor: FakeClient.now))
        let expected = """
            {"brandId":"b1","caption":"Hi","platforms":["x","newest_platform"],"scheduledFor":"2026-02-03T10:30:00Z",\
            "status":"SCHEDULED"}
            """
        #expect(fake.transport.requests.map(\.text) == [expected])
    }

    @Test func mediaIsSentAsItIsWithItsNameInTheQuery() async throws {
        let document = try APIDocument()
        let fake = FakeClient(
            .answer(201, try document.text("Media", ["sizeBytes": 3])), .answer(201, try document.text("Media")))
        let media = try await fake.client.media.upload(Data("png".utf8), filename: "a b+c.png", contentType: "image/png")
        let file = URL(filePath: "/photos/cat.jpg")
        _ = try await fake.client.media.upload(contentsOf: file, contentType: "image/jpeg")
        #expect(media.sizeBytes == 3)
        #expect(fake.lines == ["POST /api/media?filename=a%20b%2Bc.png", "POST /api/media?filename=cat.jpg"])
        #expect(fake.transport.requests.map { $0.headers["Content-Type"] } == ["image/png", "image/jpeg"])
        guard case .file(file) = fake.transport.requests.last?.body else {
            Issue.record("a file is not read into memory")
            return
        }
    }

    @Test func anyPathCanBeAskedForByHand() async throws {
        let fake = FakeClient(
            .answer(
                200, #"{"n":1}"#,
                headers: [
                    "ETag": "\"7\"", "X-Request-Id": "req_9", "X-RateLimit-Limit": "500", "X-RateLimit-Remaining": "499",
                    "X-RateLimit-Reset": "1770118200",
                ]))
        let reply = try await fake.client.send(APIRequest(.get, ["inbox"], query: ["limit": "5"]), as: JSONValue.self)
        #expect(reply.value["n"]?.int == 1)
        #expect(reply.etag == ETag(version: 7))
        #expect(reply.requestId == "req_9")
        #expect(reply.rateLimit?.remaining == 499)
        #expect(reply.rateLimit?.resetsAt == Date(timeIntervalSince1970: 1_770_118_200))
        #expect(fake.lines == ["GET /api/inbox?limit=5"])
    }
}
