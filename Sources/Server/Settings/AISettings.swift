import Core
package import Generation

/// Where text and pictures are generated; nothing: by templates on this machine.
package struct AISettings: Sendable {
    /// Nil: captions and plans come from templates.
    package var text: ProviderConfiguration?
    /// Nil: pictures are brand cards.
    package var image: ProviderConfiguration?

    private enum Provider: String, CaseIterable { case offline, openai }
    private static let openAI = "https://api.openai.com/v1"

    /// - Throws: ``SettingError``.
    init(_ sources: SettingSources) throws(SettingError) {
        let base = try sources.endpoint(.openAIBaseURL)
        let imageBase = try sources.endpoint(.aiImageBaseURL)
        let key = try sources.value(.openAIKey).map { Secret($0.text) }
        let isSaid = base != nil || imageBase != nil || key != nil
        guard try sources.word(.aiProvider, isSaid ? Provider.openai : .offline) == .openai else { return }
        guard isSaid else {
            throw SettingError("AUDENCI_AI_PROVIDER=openai: allowed is openai with OPENAI_API_KEY or OPENAI_BASE_URL")
        }
        let (textModel, imageModel) = (try sources.value(.aiTextModel)?.text, try sources.value(.aiImageModel)?.text)
        // The one whose models are known by name.
        let isOpenAI = base == nil && key != nil
        let server = base ?? (key == nil ? nil : Self.openAI)
        if let server, let model = textModel ?? (isOpenAI ? "gpt-4o-mini" : nil) {
            text = ProviderConfiguration(baseURL: server, key: key, textModel: model)
        }
        if let server = imageBase ?? server,
            let model = imageModel ?? (isOpenAI && imageBase == nil ? "gpt-image-1" : nil)
        {
            let own = try sources.value(.aiImageKey).map { Secret($0.text) }
            image = ProviderConfiguration(
                baseURL: server, key: own ?? (imageBase == nil ? key : nil), textModel: "", imageModel: model)
        }
        if base != nil, text == nil, image == nil {
            throw SettingError(
                "AUDENCI_AI_TEXT_MODEL: allowed is the name of a model that OPENAI_BASE_URL serves; it needs one")
        }
        if imageBase != nil, image == nil {
            throw SettingError(
                "AUDENCI_AI_IMAGE_MODEL: allowed is the name of a model that AUDENCI_AI_IMAGE_BASE_URL serves; it needs one")
        }
        if textModel != nil, text == nil {
            throw SettingError(
                "AUDENCI_AI_TEXT_MODEL: allowed is a model with OPENAI_BASE_URL or OPENAI_API_KEY, which it needs")
        }
    }
}

extension SettingSources {
    /// An address without the slashes at its end.
    fileprivate func endpoint(_ key: SettingKey) throws(SettingError) -> String? {
        guard let (said, origin) = try value(key) else { return nil }
        var text = said
        while text.hasSuffix("/") { text.removeLast() }
        guard text.hasPrefix("https://") || text.hasPrefix("http://") else {
            throw SettingError("\(origin)=\(text): allowed is an http or https URL such as http://127.0.0.1:11434/v1")
        }
        return text
    }
}
