import AudenciClient
import Foundation
import Testing

/// What an error says.
struct ErrorTests {
    private func error(_ status: Int, _ body: String, headers: [String: String] = [:]) async -> AudenciError? {
        let fake = FakeClient(.answer(status, body, headers: headers), retries: .never)
        return await #expect(throws: AudenciError.self) { try await fake.client.posts.get("c1") }
    }

    @Test func theWholeEnvelopeIsRead() async throws {
        let body = """
            {"error":{"code":"invalid_request","message":"caption is too long","details":[{"field":"caption",
            "issue":"must have at most 2200 characters"}],"requestId":"req_1","docUrl":"https://a.test/docs/errors/invalid_request",
            "newField":1}}
            """
        let error = try #require(await error(400, body))
        #expect(error.status == 400)
        #expect(error.code == .invalidRequest)
        #expect(error.details.map(\.field) == ["caption"])
        #expect(error.details.map(\.issue) == ["must have at most 2200 characters"])
        #expect(error.requestId == "req_1")
        #expect(error.docUrl == "https://a.test/docs/errors/invalid_request")
        #expect(
            "\(error)"
                == "400 invalid_request: caption is too long; caption must have at most 2200 characters [request req_1]")
    }

    @Test func aCodeOfANewerServerIsKept() async throws {
        #expect(try #require(await error(418, Sample.error("new_code"))).code == "new_code")
    }

    @Test func whatIsNoEnvelopeStillSaysWhatIsKnown() async throws {
        let error = try #require(await error(404, "<html>nginx</html>", headers: ["X-Request-ID": "req_2"]))
        #expect(error.code == .unreadableAnswer)
        #expect(error.requestId == "req_2")
        #expect(error.message.contains("something else listening"))
    }

    @Test func aRedirectIsAnErrorThatSaysSo() async throws {
        let error = try #require(await error(302, "", headers: ["Location": "https://b.test"]))
        #expect(error.message.contains("redirect"))
    }

    @Test func anAnswerThatIsNotThePromisedOneNamesTheField() async throws {
        let error = try #require(await error(200, Sample.post.replacing("\"version\":3", with: "\"version\":\"three\"")))
        #expect(error.status == 200)
        #expect(error.code == .unreadableAnswer)
        #expect(error.message.contains("version"))
    }

    @Test func whatABulkRefusedIsAnErrorForEach() async throws {
        let body = #"{"results":[{"status":201,"id":"c1"},{"status":400,"error":{"code":"invalid_request","message":"no"}}]}"#
        let fake = FakeClient(.answer(200, body))
        let results = try await fake.client.posts.bulk([PostDraft(brandId: "b1", caption: "", platforms: [])])
        #expect(results.map(\.id) == ["c1", nil])
        #expect(results.map { $0.error?.code } == [nil, .invalidRequest])
        #expect(results.map { $0.error?.status } == [nil, 400])
    }
}
