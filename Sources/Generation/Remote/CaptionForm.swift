import Core

/// Captions as a model sees them: question, schema, and the way back with every check.
struct CaptionForm: Sendable {
    private let request: CaptionRequest
    private let banned: BannedWords
    private let hashtags: [String]

    init(_ request: CaptionRequest) {
        self.request = request
        banned = BannedWords(request.brand.bannedWords)
        hashtags = Hashtags.ranked(
            for: HashtagRequest(brand: request.brand, text: request.topic, history: request.history, limit: 15))
    }

    var question: ModelQuestion {
        let task = """
            Task: for each platform write "variants" different captions about "topic". Use hashtags from "hashtags" only, \
            where they suit, at the end of the caption.
            """
        let data: JSONValue = [
            "brand": Instructions.describe(request.brand), "topic": .string(request.topic),
            "platforms": Instructions.describe(request.platforms, request.limits(of:)),
            "variants": .int(Int64(request.variants)), "goals": .array(request.goals.prefix(20).map { .string($0) }),
            "hashtags": .array(hashtags.map { .string($0) }),
            "earlierCaptions": .array(request.history.prefix(5).map { .string(String($0.prefix(500))) }),
        ]
        let texts = Instructions.list(of: ["type": "string"], request.variants...request.variants)
        return ModelQuestion(
            "captions", system: Instructions.common + "\n" + task, data: data,
            schema: Instructions.object(request.platforms.map { .init($0.rawValue, texts) }))
    }

    func variants(from answer: JSONValue) -> ModelReading<[CaptionVariant]> {
        var variants: [CaptionVariant] = []
        var issues: [String] = []
        for platform in request.platforms {
            let texts = (answer[platform.rawValue]?.array ?? []).compactMap(\.string).map(Instructions.cleaned)
            if texts.count != request.variants {
                issues.append("There are \(texts.count) captions for \(platform.rawValue), not \(request.variants).")
            }
            if Set(texts).count != texts.count { issues.append("Two captions for \(platform.rawValue) are the same.") }
            for text in texts {
                issues += self.issues(of: text, on: platform)
                variants.append(CaptionVariant(platform: platform, caption: text, hashtags: Hashtags.tags(in: text)))
            }
        }
        return issues.isEmpty ? .fits(variants) : .wrong(issues)
    }

    private func issues(of text: String, on platform: Platform) -> [String] {
        var issues: [String] = []
        let limits = request.limits(of: platform)
        let tags = Hashtags.tags(in: text)
        if text.isEmpty { issues.append("A caption for \(platform.rawValue) is empty.") }
        if !limits.fits(text) {
            issues.append(
                "A caption for \(platform.rawValue) has \(limits.length(of: text)) characters; \(limits.captionLength) fit.")
        }
        if tags.count > limits.hashtags {
            issues.append("A caption for \(platform.rawValue) has \(tags.count) hashtags; \(limits.hashtags) fit.")
        }
        if let word = banned.first(in: text) { issues.append("A caption uses the banned word \"\(word)\".") }
        if tags.contains(where: banned.occur(inTag:)) { issues.append("A hashtag has a banned word.") }
        return issues
    }
}
