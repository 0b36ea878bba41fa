import Core
import Testing

@testable import Generation

/// Captions and hashtags without a model.
@Suite struct CaptionTests {
    private let generator = OfflineGenerator()

    @Test(arguments: Platform.allCases) func everyPlatformGetsDifferentCaptionsThatFit(_ platform: Platform) async throws {
        var request = CaptionRequest(
            brand: try makeRequest().brand, topic: "Our new rye bread", platforms: [platform], variants: 10)
        request.history = ["Good morning #ryebread #linden", "Sunday #linden"]
        let proposal = try await generator.captions(request)
        let limits = PlatformLimits.standard(for: platform)
        #expect(proposal.variants.count == 10)
        #expect(Set(proposal.variants.map(\.caption)).count == 10)
        #expect(proposal.variants.allSatisfy { limits.fits($0.caption) && $0.hashtags.count <= limits.hashtags })
        #expect(proposal.provider == "offline-template")
    }

    @Test(arguments: [12, 20, 40, 80]) func tightLimitsAreKept(_ length: Int) async throws {
        var request = CaptionRequest(brand: try makeRequest().brand, topic: "Our new rye bread", platforms: [.x], variants: 5)
        request.limits = [.x: PlatformLimits(captionLength: length)]
        let proposal = try await generator.captions(request)
        #expect(proposal.variants.allSatisfy { $0.caption.count <= length && !$0.caption.isEmpty })
    }

    @Test func bannedWordsNeverAppearEvenWhenTheBrandItselfIsBanned() async throws {
        var brand = try makeRequest().brand
        brand.bannedWords = ["linden", "rye", "comments", "Tell", "what"]
        let banned = BannedWords(brand.bannedWords)
        var request = CaptionRequest(brand: brand, topic: "Our new rye bread", platforms: [.mastodon], variants: 10)
        request.history = ["#Linden #ryebread #morning"]
        for variant in try await generator.captions(request).variants {
            #expect(!banned.occur(in: variant.caption))
            #expect(!variant.caption.lowercased().contains("linden"))
        }
    }

    @Test func whenEveryWordIsBannedThatIsSaid() async throws {
        var brand = try makeRequest().brand
        brand.bannedWords = "have what tell your more hello news welcome us you".split(separator: " ").map(String.init)
        brand.bannedWords += ["look", "turn", "soon", "rye"]
        let request = CaptionRequest(brand: brand, topic: "rye", platforms: [.mastodon])
        #expect(await issue { () async throws(GenerationIssue) in try await generator.captions(request) } == .noWordsLeft)
    }

    @Test func aValueThatLooksLikeAPlaceholderStays() async throws {
        let request = CaptionRequest(
            brand: BrandVoice(name: "{subject}"), topic: "{brand} and {subject}", platforms: [.mastodon], variants: 10)
        #expect(try await generator.captions(request).variants.count == 10)
    }

    @Test func hashtagsComeFromHistoryAndSuitTheText() throws {
        let request = HashtagRequest(
            brand: try makeRequest().brand, text: "Fresh rye bread today",
            history: ["A fresh rye loaf #ryelove #bakery", "Closed on Monday #service", "Rye again, fresh! #ryelove"], limit: 3)
        let tags = Hashtags.ranked(for: request)
        #expect(tags.first == "#ryelove")
        #expect(tags.count == 3)
        #expect(!tags.contains("#cheapbread"))
    }

    @Test func bannedWordsAreFoundHoweverTheyAreWritten() {
        let banned = BannedWords(["Cheap", "garantía", "art", "best deal", "安い"])
        for text in ["CHEAP!", "cheaper", "che\u{AD}ap", "Ｃｈｅａｐ", "garantia", "the art.", "best  deal", "安いパン", "a\nart"] {
            #expect(banned.occur(in: text), "\(text)")
        }
        for text in ["start", "party", "", "bestdeal", "smart art1st".replacing("art1st", with: "x")] {
            #expect(!banned.occur(in: text), "\(text)")
        }
        #expect(banned.occur(inTag: "#BestDealEver"))
    }

    @Test func exclamationAndEmojiFollowTheTone() async throws {
        var brand = BrandVoice(name: "Linden", tone: "playful")
        var request = CaptionRequest(brand: brand, topic: "Rye", platforms: [.mastodon], variants: 10)
        let lively = try await generator.captions(request).variants.map(\.caption).joined()
        #expect(lively.contains("!") || Phrases.emoji.contains { lively.contains($0) })
        brand.donts = ["No emoji", "no exclamation marks"]
        request.brand = brand
        let calm = try await generator.captions(request).variants.map(\.caption).joined()
        #expect(!calm.contains("!") && !Phrases.emoji.contains { calm.contains($0) })
    }

    @Test func manyTagsInLongPostsDoNotMakeTheirChoiceSlow() throws {
        let long = (0..<9_000).map { "#t\($0)" }.joined(separator: " ")
        let request = HashtagRequest(
            brand: try makeRequest().brand, text: "Bread", history: Array(repeating: long + " #last", count: 100), limit: 3)
        let begun = ContinuousClock.now
        let found = Hashtags.ranked(for: request)
        let took = ContinuousClock.now - begun
        #expect(found.contains("#last"), "\(found)")
        // It took a hundred seconds when each tag was compared to all before it.
        #expect(took < .seconds(20), "\(took)")
    }
}
