package import Features
package import Generation

extension BrandVoice {
    /// What generators are told of a brand.
    package init(_ brand: Brand) {
        self.init(
            name: brand.name, description: brand.voice.description, tone: brand.voice.tone, audience: brand.voice.audience,
            dos: brand.voice.dos, donts: brand.voice.donts, bannedWords: brand.voice.bannedWords,
            hashtagSets: brand.voice.hashtagSets)
    }
}
