package import Core

/// What captions are asked for.
package struct CaptionRequest: Hashable, Sendable {
    package var brand: BrandVoice
    /// What the post is about.
    package var topic: String
    package var platforms: [Platform]
    /// How many for each platform: 1 to 10.
    package var variants: Int
    package var goals: [String] = []
    /// Captions of the brand's earlier posts, newest first: where hashtags come from.
    package var history: [String] = []
    /// What each platform takes, where it is known better than ``PlatformLimits/standard(for:)``.
    package var limits: [Platform: PlatformLimits] = [:]
    package var seed: UInt64 = 0

    package init(brand: BrandVoice, topic: String, platforms: [Platform], variants: Int = 3) {
        self.brand = brand
        self.topic = topic
        self.platforms = platforms
        self.variants = variants
    }

    func limits(of platform: Platform) -> PlatformLimits { limits[platform] ?? .standard(for: platform) }

    /// Everything that is wrong with the request itself; empty when it can be met.
    package var issues: [String] {
        var issues: [String] = []
        if topic.allSatisfy(\.isWhitespace) { issues.append("Say what the captions are about.") }
        if topic.count > 500 { issues.append("The topic has at most 500 characters.") }
        if platforms.isEmpty { issues.append("Name at least one platform.") }
        if Set(platforms).count != platforms.count { issues.append("Name each platform once.") }
        if !(1...10).contains(variants) { issues.append("Ask for 1 to 10 captions for each platform.") }
        return issues
    }
}

/// One caption for one platform.
package struct CaptionVariant: Hashable, Sendable {
    package var platform: Platform
    /// The whole text with its hashtags, within the platform's length.
    package var caption: String
    package var hashtags: [String]

    package init(platform: Platform, caption: String, hashtags: [String]) {
        self.platform = platform
        self.caption = caption
        self.hashtags = hashtags
    }
}

/// Captions, by platform in the order of the request.
package struct CaptionProposal: Hashable, Sendable {
    package var variants: [CaptionVariant]
    package var provider: String
    package var notes: [String]

    package init(variants: [CaptionVariant], provider: String, notes: [String] = []) {
        self.variants = variants
        self.provider = provider
        self.notes = notes
    }
}

/// What hashtags are asked for.
package struct HashtagRequest: Hashable, Sendable {
    package var brand: BrandVoice
    /// The caption or topic that they are for.
    package var text: String
    /// Captions of the brand's earlier posts, newest first.
    package var history: [String]
    package var limit: Int

    package init(brand: BrandVoice, text: String, history: [String] = [], limit: Int = 5) {
        self.brand = brand
        self.text = text
        self.history = history
        self.limit = limit
    }
}

/// Hashtags, the best first, each with its `#`.
package struct HashtagProposal: Hashable, Sendable {
    package var hashtags: [String]
    package var provider: String
    package var notes: [String]

    package init(hashtags: [String], provider: String, notes: [String] = []) {
        self.hashtags = hashtags
        self.provider = provider
        self.notes = notes
    }
}
