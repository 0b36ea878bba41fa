package import Core

/// How long a caption may be on a platform, and how many hashtags it takes.
package struct PlatformLimits: Hashable, Sendable {
    /// How a platform counts.
    package enum Measure: Hashable, Sendable {
        /// What a reader sees as one character.
        case characters
        case utf16
        /// X: everything outside Latin, Greek, Cyrillic and common punctuation counts twice.
        case weighted
    }
    package var captionLength: Int
    package var hashtags: Int
    package var measure: Measure

    package init(captionLength: Int, hashtags: Int = 30, measure: Measure = .characters) {
        self.captionLength = captionLength
        self.hashtags = hashtags
        self.measure = measure
    }

    /// The length of `text` as this platform counts it. URLs count as written.
    package func length(of text: String) -> Int {
        switch measure {
        case .characters: text.count
        case .utf16: text.utf16.count
        case .weighted:
            text.unicodeScalars.reduce(0) { sum, scalar in
                switch scalar.value {
                case 0...4_351, 8_192...8_205, 8_208...8_223, 8_242...8_247: sum + 1
                default: sum + 2
                }
            }
        }
    }

    package func fits(_ text: String) -> Bool { length(of: text) <= captionLength }

    /// The platforms' documented limits, for callers that know nothing better: an account's own limits come first.
    package static func standard(for platform: Platform) -> PlatformLimits {
        switch platform {
        case .instagram: PlatformLimits(captionLength: 2_200)
        case .facebook: PlatformLimits(captionLength: 63_206)
        case .threads: PlatformLimits(captionLength: 500, hashtags: 1)
        case .x: PlatformLimits(captionLength: 280, hashtags: 3, measure: .weighted)
        case .linkedin: PlatformLimits(captionLength: 3_000, hashtags: 5)
        case .tiktok: PlatformLimits(captionLength: 2_200, hashtags: 5, measure: .utf16)
        case .youtube: PlatformLimits(captionLength: 4_500, hashtags: 15)
        case .pinterest: PlatformLimits(captionLength: 500, hashtags: 5)
        case .bluesky: PlatformLimits(captionLength: 300, hashtags: 5)
        case .mastodon: PlatformLimits(captionLength: 500, hashtags: 5)
        case .telegram: PlatformLimits(captionLength: 1_024, hashtags: 5, measure: .utf16)
        case .discord: PlatformLimits(captionLength: 2_000, hashtags: 3)
        case .reddit: PlatformLimits(captionLength: 300, hashtags: 0)
        case .googleBusiness: PlatformLimits(captionLength: 1_500, hashtags: 0)
        }
    }
}

extension Platform {
    /// The name that people know.
    var displayName: String {
        switch self {
        case .instagram: "Instagram"
        case .facebook: "Facebook"
        case .threads: "Threads"
        case .x: "X"
        case .linkedin: "LinkedIn"
        case .tiktok: "TikTok"
        case .youtube: "YouTube"
        case .pinterest: "Pinterest"
        case .bluesky: "Bluesky"
        case .mastodon: "Mastodon"
        case .telegram: "Telegram"
        case .discord: "Discord"
        case .reddit: "Reddit"
        case .googleBusiness: "Google Business"
        }
    }
}
