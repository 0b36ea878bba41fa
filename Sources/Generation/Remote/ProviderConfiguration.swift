package import Core

/// Where a model is served and how it is asked. One shape for OpenAI, Ollama, vLLM, llama.cpp and whatever else speaks
/// OpenAI's API.
package struct ProviderConfiguration: Sendable {
    /// With the version and without a trailing slash: `https://api.openai.com/v1`, `http://127.0.0.1:11434/v1`.
    package var baseURL: String
    /// Nil where none is needed, as with most local servers.
    package var key: Secret?
    package var textModel: String
    package var imageModel: String?
    /// Where pictures are made, when that is another server.
    package var imageBaseURL: String?
    /// For everything that one plan or set of captions takes, the repair included.
    package var deadline: Duration = .seconds(60)
    package var imageDeadline: Duration = .seconds(180)
    package var maximumReplyBytes = 1_048_576
    package var maximumImageBytes = 10_485_760

    package init(
        baseURL: String, key: Secret? = nil, textModel: String, imageModel: String? = nil, imageBaseURL: String? = nil
    ) {
        self.baseURL = baseURL
        self.key = key
        self.textModel = textModel
        self.imageModel = imageModel
        self.imageBaseURL = imageBaseURL
    }

    /// How results are signed: `openai-compatible (gpt-4o)`.
    func provider(_ model: String) -> String { "openai-compatible (\(model))" }
}
