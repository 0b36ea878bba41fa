import Foundation

/// The little that templates can take from a brand's tone: pictures, exclamation marks and how close one speaks.
struct VoiceStyle: Hashable, Sendable {
    let usesEmoji: Bool
    let exclaims: Bool

    init(_ brand: BrandVoice) {
        let tone = brand.tone.lowercased()
        let dos = brand.dos.joined(separator: "\n").lowercased()
        let donts = brand.donts.joined(separator: "\n").lowercased()
        let isLively = ["playful", "fun", "cheerful", "lively", "energetic", "friendly", "witty"].contains { tone.contains($0) }
        usesEmoji = (isLively || dos.contains("emoji")) && !donts.contains("emoji")
        exclaims = isLively && !donts.contains("exclamation") && !donts.contains("!")
    }
}
