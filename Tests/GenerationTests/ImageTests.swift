import Core
import Outbound
import TestSupport
import Testing

@testable import Generation

/// Pictures from a server that may send anything.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ImageTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]

    private func generator(
        _ receiver: TestReceiver, model: String? = "painter", limit: Int = 100_000
    ) throws -> OpenAICompatibleGenerator {
        var configuration = ProviderConfiguration(baseURL: receiver.baseURL + "/v1/", textModel: "small", imageModel: model)
        configuration.maximumImageBytes = limit
        return OpenAICompatibleGenerator(configuration, transport: try makeClient(receiver))
    }

    private func answer(_ pictures: [[UInt8]]) -> TestAnswer {
        let data = pictures.map { ["b64_json": .string(Base64.encode($0))] as JSONValue }
        return .status(200, bytes: (["data": .array(data)] as JSONValue).bytes)
    }

    @Test func picturesComeAsBytesOfAKnownKind() async throws {
        let receiver = try await TestReceiver.start()
        let webp = Array("RIFF".utf8) + [1, 0, 0, 0] + Array("WEBPVP8 ".utf8)
        receiver.answer(with: answer([Self.png, [0xFF, 0xD8, 0xFF, 0xE0], webp]))
        let proposal = try await generator(receiver).images(ImageRequest(prompt: "Bread", count: 3, style: "woodcut"))
        #expect(proposal.images.map(\.type) == [.png, .jpeg, .webp])
        #expect(proposal.images.first?.bytes == Self.png)
        #expect(proposal.provider == "openai-compatible (painter)")
        let sent = try #require(receiver.requests.first)
        #expect(sent.target == "/v1/images/generations")
        #expect(sent.header("authorization") == nil)
        let body = try JSONValue(parsing: sent.body)
        #expect(body["response_format"]?.string == "b64_json" && body["size"]?.string == "1024x1024")
        #expect(body["prompt"]?.string == "Bread\nStyle: woodcut")
        await receiver.stop()
    }

    @Test func modelsThatRefuseAResponseFormatAreNotSentOne() async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: answer([Self.png]))
        let proposal = try await generator(receiver, model: "gpt-image-1").images(ImageRequest(prompt: "Bread", count: 2))
        #expect(receiver.requests.first?.text.contains("response_format") == false)
        #expect(proposal.notes == ["1 of 2 pictures came."])
        await receiver.stop()
    }

    @Test(arguments: [
        ("gpt-image-1", 1080, 1350, "1024x1536"), ("gpt-image-1-mini", 1600, 900, "1536x1024"),
        ("dall-e-3", 1080, 1920, "1024x1792"),
        ("dall-e-2", 1080, 1350, "1024x1024"), ("flux", 1080, 1350, "1080x1350"), ("gpt-image-1", 1080, 1080, "1024x1024"),
    ])
    func aModelIsAskedForASizeThatItHas(_ model: String, _ width: Int, _ height: Int, _ size: String) {
        #expect(ProviderSize.text(width: width, height: height, model: model) == size)
    }

    @Test(arguments: [
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>", "<?xml version=\"1.0\"?><svg/>", "GIF89a....",
        "", "<html>", "%PDF-1.7", "RIFF....WAVEfmt .", "\u{89}PNG",
    ])
    func whatIsNoPictureIsRefused(_ text: String) async throws {
        let receiver = try await TestReceiver.start()
        receiver.answer(with: answer([Array(text.utf8)]))
        let generator = try generator(receiver)
        let found = await issue { () async throws(GenerationIssue) in try await generator.images(ImageRequest(prompt: "Bread"))
        }
        #expect(found == .notAnImage("it is neither PNG, JPEG nor WebP."))
        await receiver.stop()
    }

    @Test func otherAnswersAreRefusedToo() async throws {
        let receiver = try await TestReceiver.start()
        let generator = try generator(receiver)
        for (body, expected) in [
            (#"{"data":[{"url":"https://example.com/a.png"}]}"#, "it sent a link instead of the picture (b64_json)."),
            (#"{"data":[{"b64_json":"***"}]}"#, "its b64_json is not base64."),
            (#"{"data":[]}"#, "the answer has no pictures."),
            (#"{"data":[{}]}"#, "it sent no b64_json."),
        ] {
            receiver.answer(with: .status(200, body: body))
            let found = await issue { () async throws(GenerationIssue) in try await generator.images(ImageRequest(prompt: "x"))
            }
            #expect(found == .notAnImage(expected))
        }
        receiver.answer(with: answer([Self.png + Array(repeating: 0, count: 100_000)]))
        let large = await issue { () async throws(GenerationIssue) in try await generator.images(ImageRequest(prompt: "x")) }
        #expect(large == .tooLarge(limit: 100_000))
        receiver.answer(with: .endless)
        let endless = await issue { () async throws(GenerationIssue) in try await generator.images(ImageRequest(prompt: "x")) }
        guard case .tooLarge = endless else { Issue.record("\(String(describing: endless))"); return }
        await receiver.stop()
    }

    @Test func withoutAModelNothingIsAsked() async throws {
        let receiver = try await TestReceiver.start()
        let generator = try generator(receiver, model: nil)
        let found = await issue { () async throws(GenerationIssue) in try await generator.images(ImageRequest(prompt: "x")) }
        guard case .notSupported = found else { Issue.record("\(String(describing: found))"); return }
        let wrong = await issue { () async throws(GenerationIssue) in
            try await generator.images(ImageRequest(prompt: " ", count: 9, width: 1))
        }
        guard case .invalidRequest(let reasons) = wrong else { Issue.record("\(String(describing: wrong))"); return }
        #expect(reasons.count == 3)
        #expect(receiver.requests.isEmpty)
        await receiver.stop()
    }
}
