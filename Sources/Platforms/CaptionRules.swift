package import Core

/// What a platform would refuse about a post, found before the slot instead of in it.
package struct CaptionIssue: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case captionTooLong = "caption_too_long"
        case tooManyMedia = "too_many_media"
        case tooManyHashtags = "too_many_hashtags"
        case tooManyMentions = "too_many_mentions"
        case emptyPost = "empty_post"
    }
    package let kind: Kind
    package let platform: Platform
    /// What the post has, and what the platform takes.
    package let count: Int
    package let limit: Int
    /// For a person: names the platform, the count and the limit.
    package let message: String
}

/// Checks against ``Capabilities``: pure, and the same for the API, the calendar and the moment of publishing.
///
/// Captions are counted in characters as a reader counts them (Swift's `Character`, Unicode's grapheme clusters). That is
/// exactly what Mastodon does (`each_grapheme_cluster`). Meta does not say how Instagram and Facebook count; an emoji of
/// several code points may count more there, which only matters within a few characters of 2,200 or 63,206.
package struct CaptionRules {
    /// Everything that is wrong, in a fixed order; empty when nothing is, or when the platform has no connector.
    /// A platform that needs a picture and gets none is no issue: see ``needsCard(mediaCount:platform:)``.
    package static func issues(
        caption: String, link: String? = nil, contentWarning: String? = nil, mediaCount: Int, platform: Platform
    ) -> [CaptionIssue] {
        guard let limits = PlatformList.capabilities(of: platform) else { return [] }
        let name = platform.properName
        // Facebook has a field of its own for the link, as long as there is no picture.
        let text = platform == .facebook && mediaCount == 0 ? caption : PublishRequest.caption(caption, with: link)
        var issues: [CaptionIssue] = []
        func check(_ kind: CaptionIssue.Kind, _ count: Int, _ limit: Int?, _ message: (Int, Int) -> String) {
            guard let limit, count > limit else { return }
            issues.append(
                CaptionIssue(kind: kind, platform: platform, count: count, limit: limit, message: message(count, limit)))
        }
        let length = length(of: text, on: platform) + (platform == .mastodon ? (contentWarning ?? "").count : 0)
        check(.captionTooLong, length, limits.maximumCaptionLength) {
            "The caption has \($0) characters; \(name) takes \($1)."
        }
        check(.tooManyMedia, mediaCount, limits.maximumMedia) { "The post has \($0) pictures; \(name) takes \($1)." }
        check(.tooManyHashtags, tags("#", in: text), limits.maximumHashtags) {
            "The caption has \($0) hashtags; \(name) takes \($1)."
        }
        check(.tooManyMentions, tags("@", in: text), limits.maximumMentions) {
            "The caption mentions \($0) accounts; \(name) takes \($1)."
        }
        if mediaCount <= 0, caption.allSatisfy(\.isWhitespace), (link ?? "").isEmpty {
            issues.append(
                CaptionIssue(
                    kind: .emptyPost, platform: platform, count: 0, limit: 1,
                    message: "The post has neither text nor a picture."))
        }
        return issues
    }

    /// True when the platform shows nothing without a picture and the post has none: a brand card is drawn for it.
    package static func needsCard(mediaCount: Int, platform: Platform) -> Bool {
        mediaCount <= 0 && PlatformList.capabilities(of: platform)?.requiresMedia == true
    }

    /// The caption's length as the platform counts it: with its rules for URLs and mentions.
    package static func length(of caption: String, on platform: Platform) -> Int {
        guard let limits = PlatformList.capabilities(of: platform) else { return caption.count }
        let text = limits.countsMentionHosts ? caption : PostText.withoutMentionHosts(caption)
        guard let urlLength = limits.countsURLsAs else { return text.count }
        var length = 0
        var rest = text[...]
        while let start = firstURL(in: rest) {
            let url = rest[start...].prefix(while: isURLCharacter)
            // Punctuation after a URL belongs to the sentence.
            let trailing = url.reversed().prefix { ".,;:!?)'\"".contains($0) }.count
            length += rest[..<start].count + urlLength + trailing
            rest = rest[url.endIndex...]
        }
        return length + rest.count
    }

    /// The same checks for a request at the moment of publishing, as a failure; nil when there is nothing to say.
    static func firstFailure(of request: PublishRequest, on platform: Platform) -> PublishFailure? {
        let issue = issues(
            caption: request.caption, link: request.link, contentWarning: request.options.contentWarning,
            mediaCount: request.media.count, platform: platform
        ).first
        if let issue { return PublishFailure(.final, code: issue.kind.rawValue, message: issue.message) }
        guard let limits = PlatformList.capabilities(of: platform) else { return nil }
        if limits.requiresMedia, request.media.isEmpty {
            return PublishFailure(
                .final, code: "media_required", message: "\(platform.properName) takes no post without a picture.")
        }
        if let wrong = request.media.first(where: { !limits.acceptedMimeTypes.contains($0.mimeType) }) {
            let accepted = limits.acceptedMimeTypes.joined(separator: " and ")
            return PublishFailure(
                .final, code: "media_rejected",
                message: "\(platform.properName) takes \(accepted), but the picture is \(wrong.mimeType.prefix(64)).")
        }
        return nil
    }

    private static func firstURL(in text: Substring) -> Substring.Index? {
        var rest = text
        while let colon = rest.firstIndex(of: ":") {
            let after = rest[colon...]
            if after.hasPrefix("://"), let next = after.dropFirst(3).first, isURLCharacter(next), next != "/" {
                for scheme in ["https", "http"] where text[..<colon].hasSuffix(scheme) {
                    return text.index(colon, offsetBy: -scheme.count)
                }
            }
            rest = rest[rest.index(after: colon)...]
        }
        return nil
    }

    private static func isURLCharacter(_ character: Character) -> Bool {
        !character.isWhitespace && !"<>\"".contains(character)
    }

    /// How many `#word` or `@name` the text has: a sign at the start of a word, with a letter, digit or underscore behind
    /// it. A hashtag of digits only is none.
    private static func tags(_ sign: Character, in text: String) -> Int {
        var count = 0
        var previous: Character = " "
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == sign, !previous.isLetter, !previous.isNumber, previous != "_", previous != "/" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                if !word.isEmpty, sign == "@" || word.contains(where: { !$0.isNumber }) { count += 1 }
            }
            previous = character
        }
        return count
    }
}
