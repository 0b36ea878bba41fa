import Core
import Outbound

/// `POST {base}/images/generations`: pictures as bytes, and only what really is one.
struct ImageClient: Sendable {
    private let configuration: ProviderConfiguration
    private let transport: any Transport

    init(_ configuration: ProviderConfiguration, transport: any Transport) {
        self.configuration = configuration
        self.transport = transport
    }

    func images(_ request: ImageRequest) async throws(GenerationIssue) -> ImageProposal {
        let issues = request.issues
        guard issues.isEmpty else { throw .invalidRequest(issues) }
        guard let model = configuration.imageModel else {
            throw .notSupported("No model for pictures is configured. Name one, or use a brand card.")
        }
        let provider = ProviderRequest(
            baseURL: configuration.imageBaseURL ?? configuration.baseURL, key: configuration.key, model: model,
            transport: transport)
        // Base64 makes four bytes of three; the rest is for the JSON around it.
        let limit = configuration.maximumImageBytes
        let (json, _) = try await provider.post(
            "/images/generations", body(request, model: model), deadline: configuration.imageDeadline,
            maximumBytes: request.count * (limit / 3 * 4 + 4) + 65_536)
        guard let data = json["data"]?.array, !data.isEmpty else { throw .notAnImage("the answer has no pictures.") }
        var images: [GeneratedImage] = []
        for entry in data.prefix(request.count) { images.append(try image(entry, limit: limit)) }
        let notes = images.count < request.count ? ["\(images.count) of \(request.count) pictures came."] : []
        return ImageProposal(images: images, provider: configuration.provider(model), notes: notes)
    }

    private func body(_ request: ImageRequest, model: String) -> JSONValue {
        let style = request.style.map { "\nStyle: \($0)" } ?? ""
        var members: [JSONValue.Member] = [
            .init("model", .string(model)), .init("prompt", .string(request.prompt + style)),
            .init("n", .int(Int64(request.count))),
            .init("size", .string(ProviderSize.text(width: request.width, height: request.height, model: model))),
        ]
        // OpenAI's GPT image models always answer so and refuse to be told.
        if !model.contains("gpt-image") { members.append(.init("response_format", "b64_json")) }
        return .object(members)
    }

    private func image(_ entry: JSONValue, limit: Int) throws(GenerationIssue) -> GeneratedImage {
        guard let text = entry["b64_json"]?.string else {
            let isLink = entry["url"]?.string != nil
            throw .notAnImage(isLink ? "it sent a link instead of the picture (b64_json)." : "it sent no b64_json.")
        }
        guard let bytes = Base64.decode(text) else { throw .notAnImage("its b64_json is not base64.") }
        guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
        guard let type = ImageType(sniffing: bytes) else { throw .notAnImage("it is neither PNG, JPEG nor WebP.") }
        return GeneratedImage(bytes: bytes, type: type)
    }
}
