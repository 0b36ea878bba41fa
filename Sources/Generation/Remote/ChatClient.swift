import Core
import Outbound

/// `POST {base}/chat/completions` with a strict JSON schema: asks, checks, and asks once more with what was wrong.
struct ChatClient: Sendable {
    private let configuration: ProviderConfiguration
    private let request: ProviderRequest

    init(_ configuration: ProviderConfiguration, transport: any Transport) {
        self.configuration = configuration
        request = ProviderRequest(
            baseURL: configuration.baseURL, key: configuration.key, model: configuration.textModel, transport: transport)
    }

    /// Asks until `read` finds no issue, at most twice.
    /// - Parameter read: turns the answer into the result, or says everything that is wrong with it.
    func ask<Result: Sendable>(
        _ question: ModelQuestion, read: @Sendable (JSONValue) -> ModelReading<Result>
    ) async throws(GenerationIssue) -> Result {
        let (first, took) = try await content(of: question.messages, question, within: configuration.deadline)
        let issues: [String]
        switch Self.read(first, read) {
        case .fits(let result): return result
        case .wrong(let found): issues = found
        }
        // The first answer is quoted, but not without end.
        let repair: [JSONValue] = [
            ["role": "assistant", "content": .string(String(first.prefix(100_000)))],
            ["role": "user", "content": .string(Self.repairText(issues))],
        ]
        let left = configuration.deadline - took
        guard left > .milliseconds(100) else { throw .timedOut(configuration.deadline) }
        let second: String
        do throws(GenerationIssue) {
            (second, _) = try await content(of: question.messages + repair, question, within: left)
        } catch {
            // The time that both answers had together: what was left for this one says nothing to anybody.
            if case .timedOut = error { throw .timedOut(configuration.deadline) }
            throw error
        }
        switch Self.read(second, read) {
        case .fits(let result): return result
        case .wrong(let found): throw .wrongAnswer(found)
        }
    }

    private static func repairText(_ issues: [String]) -> String {
        let list = issues.prefix(20).map { "- \($0)" }.joined(separator: "\n")
        return "Your answer does not fit:\n\(list)\nAnswer again with the whole corrected JSON."
    }

    private static func read<Result>(
        _ text: String, _ read: (JSONValue) -> ModelReading<Result>
    ) -> ModelReading<Result> {
        do throws(JSONSyntaxError) {
            return read(try JSONValue(parsing: unfenced(text)))
        } catch {
            return .wrong(["The answer is not one JSON text: \(error.description)."])
        }
    }

    /// Without the Markdown fence that some models put around JSON whatever they are told.
    private static func unfenced(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        while let first = lines.first, first.allSatisfy(\.isWhitespace) { lines.removeFirst() }
        while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
        guard lines.count > 2, let first = lines.first, first.hasPrefix("```"), lines.last?.hasPrefix("```") == true else {
            return text
        }
        return lines.dropFirst().dropLast().joined(separator: "\n")
    }

    private func content(
        of messages: [JSONValue], _ question: ModelQuestion, within deadline: Duration
    ) async throws(GenerationIssue) -> (String, took: Duration) {
        // The least that every server takes: Ollama and llama.cpp refuse or ignore most of the rest.
        let body: JSONValue = [
            "model": .string(configuration.textModel), "messages": .array(messages),
            "response_format": [
                "type": "json_schema",
                "json_schema": ["name": .string(question.name), "strict": true, "schema": question.schema],
            ],
        ]
        let (json, took) = try await request.post(
            "/chat/completions", body, deadline: deadline, maximumBytes: configuration.maximumReplyBytes)
        guard let choice = json["choices"]?[0], let message = choice["message"] else {
            throw .wrongAnswer(["It has no choices, so it is no chat completion."])
        }
        if let refusal = message["refusal"]?.string, !refusal.isEmpty { throw .refused }
        switch choice["finish_reason"]?.string {
        case "length": throw .cutOff
        case "content_filter": throw .refused
        default: break
        }
        guard let text = message["content"]?.string else { throw .wrongAnswer(["The message has no content."]) }
        return (text, took)
    }
}

/// What a model is asked, and the schema of its answer.
struct ModelQuestion: Sendable {
    let name: String
    let schema: JSONValue
    let messages: [JSONValue]

    init(_ name: String, system: String, data: JSONValue, schema: JSONValue) {
        self.name = name
        self.schema = schema
        messages = [
            ["role": "system", "content": .string(system)],
            ["role": "user", "content": .string(data.indented())],
        ]
    }
}

/// What became of reading a model's answer.
enum ModelReading<Result> {
    case fits(Result)
    case wrong([String])
}
