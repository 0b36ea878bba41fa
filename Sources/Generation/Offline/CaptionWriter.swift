import Core

/// Puts captions together from ``Phrases``: within a length, without banned words, and none twice.
struct CaptionWriter {
    private let brand: BrandVoice
    private let style: VoiceStyle
    private let banned: BannedWords
    /// What the brand lets itself be called; nil when its own words are banned.
    private let name: String?
    private let closings: [String]
    private var generator: SplitMix64
    private var written: Set<String> = []
    /// What was not written yet, made when a subject is first spoken of. What does not fit one post may fit another.
    private var unused: [Supply: [Sentences]] = [:]

    private struct Supply: Hashable {
        var subject: String
        /// The angle's.
        var topic: String
        var isShort = false
    }

    /// A caption that is not styled yet.
    private struct Sentences {
        var opening: String
        /// Empty for a short one, which stays as it is.
        var rest = ""
    }

    init(_ brand: BrandVoice, goals: [String], seed: UInt64) {
        self.brand = brand
        style = VoiceStyle(brand)
        banned = BannedWords(brand.bannedWords)
        let name = Self.shortened(brand.name, to: 60)
        self.name = name.isEmpty || banned.occur(in: name) ? nil : name
        closings = Phrases.closings(for: goals)
        generator = SplitMix64(state: seed ^ 0xCA_97)
    }

    /// An angle on a subject, in turn and without banned words.
    mutating func angle(number: Int, isHoliday: Bool) -> Phrases.Angle {
        if isHoliday { return Phrases.day }
        let angles = Phrases.angles
        let start = number + Int(generator.next() % 2)
        let turned = (0..<angles.count).map { angles[(start + $0) % angles.count] }
        return turned.first { !banned.occur(in: $0.topic) } ?? Phrases.day
    }

    /// `{subject}: {angle}`, less whatever of it is banned.
    func topic(_ subject: String, _ angle: Phrases.Angle) -> String {
        let subject = Self.shortened(subject, to: 120)
        let candidates = ["\(subject): \(angle.topic)", subject, angle.topic, brand.name] + Phrases.plain
        return candidates.first { !$0.isEmpty && !banned.occur(in: $0) } ?? ""
    }

    /// A caption that fits all of `limits`.
    /// - Throws: when the banned words leave none.
    mutating func caption(
        _ subject: String, _ angle: Phrases.Angle, hashtags: [String], limits: [PlatformLimits]
    ) throws(GenerationIssue) -> (text: String, hashtags: [String]) {
        let subject = Self.shortened(subject, to: 80)
        let others = angle.topic == Phrases.day.topic ? [] : Phrases.angles.filter { $0.topic != angle.topic }
        // The asked angle first; the others for when its sentences are used up or do not fit.
        for angle in [angle] + others {
            if let text = unwritten(Supply(subject: subject, topic: angle.topic), limits, { $0.combinations(subject, angle) }) {
                return withHashtags(text, hashtags, limits)
            }
        }
        let short = Supply(subject: subject, topic: angle.topic, isShort: true)
        if let text = unwritten(short, limits, { $0.shortOnes(subject, angle) }) { return withHashtags(text, hashtags, limits) }
        // All has been said: something is said again.
        for sentences in combinations(subject, angle) + shortOnes(subject, angle) {
            let text = text(of: sentences)
            if isFit(text, limits) { return withHashtags(text, hashtags, limits) }
        }
        throw .noWordsLeft
    }

    /// The next caption of a supply that fits and was not written yet, nil when there is none.
    private mutating func unwritten(
        _ supply: Supply, _ limits: [PlatformLimits], _ make: (inout Self) -> [Sentences]
    ) -> String? {
        // What has a banned word fits no post: it is not tried again for each.
        var left = unused.removeValue(forKey: supply) ?? make(&self).filter { !banned.occur(in: $0.opening + $0.rest) }
        defer { unused[supply] = left }
        var index = 0
        while index < left.count {
            let text = text(of: left[index])
            guard isFit(text, limits) else {
                index += 1
                continue
            }
            left.remove(at: index)
            if written.insert(text).inserted { return text }
        }
        return nil
    }

    private func isFit(_ text: String, _ limits: [PlatformLimits]) -> Bool {
        limits.allSatisfy { $0.fits(text) } && !banned.occur(in: text)
    }

    /// Every way to put an angle's sentences together, in a seeded order.
    private mutating func combinations(_ subject: String, _ angle: Phrases.Angle) -> [Sentences] {
        let openings = angle.openings.compactMap { filled($0, subject) }
        let bodies = angle.bodies.compactMap { filled($0, subject) }
        let endings = closings.compactMap { filled($0, subject) }
        var all: [Sentences] = []
        for opening in openings {
            for body in bodies {
                for ending in endings { all.append(Sentences(opening: opening, rest: "\n\n\(body) \(ending)")) }
            }
        }
        return all.shuffled(using: &generator)
    }

    /// Less and less, for tight limits and many banned words.
    private mutating func shortOnes(_ subject: String, _ angle: Phrases.Angle) -> [Sentences] {
        let openings = angle.openings.compactMap { filled($0, subject) }.shuffled(using: &generator)
        let bodies = angle.bodies.compactMap { filled($0, subject) }.shuffled(using: &generator)
        let pairs = openings.flatMap { opening in bodies.map { "\(opening) \($0)" } }
        return (pairs + openings + bodies + Phrases.plain.shuffled(using: &generator)).map { Sentences(opening: $0) }
    }

    private mutating func text(of sentences: Sentences) -> String {
        sentences.rest.isEmpty ? sentences.opening : styled(sentences.opening) + sentences.rest
    }

    private mutating func styled(_ opening: String) -> String {
        var text = opening
        if style.exclaims, text.hasSuffix("."), generator.next() % 2 == 0 { text = text.dropLast() + "!" }
        if style.usesEmoji, generator.next() % 2 == 0 {
            text += " " + (Phrases.emoji.randomElement(using: &generator) ?? "✨")
        }
        return text
    }

    /// Nil when the template needs a name or subject that is not to be had.
    private func filled(_ template: String, _ subject: String) -> String? {
        if template.contains("{subject}"), subject.isEmpty || banned.occur(in: subject) { return nil }
        if template.contains("{brand}"), name == nil { return nil }
        let text = Self.replacing("{brand}", in: template, with: name ?? "")
        return Self.replacing("{subject}", in: text, with: subject)
    }

    /// As many hashtags as every platform takes and has room for.
    private func withHashtags(
        _ text: String, _ hashtags: [String], _ limits: [PlatformLimits]
    ) -> (text: String, hashtags: [String]) {
        let most = limits.map(\.hashtags).min() ?? 0
        var used: [String] = []
        var result = text
        for tag in hashtags.prefix(max(most, 0)) {
            let longer = result + (used.isEmpty ? "\n\n" : " ") + tag
            // Joined to the text a tag could make up a banned phrase.
            guard limits.allSatisfy({ $0.fits(longer) }), !banned.occur(in: longer) else { continue }
            result = longer
            used.append(tag)
        }
        return (result, used)
    }

    /// One pass, so that a value which looks like a placeholder stays what it is.
    private static func replacing(_ placeholder: String, in template: String, with value: String) -> String {
        var result = ""
        var rest = template[...]
        while let range = rest.firstRange(of: placeholder) {
            result += rest[..<range.lowerBound] + value
            rest = rest[range.upperBound...]
        }
        return result + rest
    }

    /// One line, cut between words.
    static func shortened(_ text: String, to limit: Int) -> String {
        let words = text.split { $0.isWhitespace || $0.isNewline }
        let line = words.joined(separator: " ")
        guard line.count > limit else { return line }
        var result = ""
        for word in words {
            let longer = result.isEmpty ? String(word) : result + " " + word
            if longer.count > limit { break }
            result = longer
        }
        return result.isEmpty ? String(line.prefix(limit)) : result
    }
}
