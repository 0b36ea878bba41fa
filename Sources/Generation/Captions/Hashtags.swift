import Foundation

/// Hashtags from what the brand has used before: found, weighed and never invented.
package enum Hashtags {
    /// The brand's hashtags that suit `request.text`, best first.
    ///
    /// A tag counts for every earlier post that has it, more when that post speaks of the same things (rare words count
    /// more than common ones), less the older it is; the brand's own sets count a little.
    package static func ranked(for request: HashtagRequest) -> [String] {
        let banned = BannedWords(request.brand.bannedWords)
        let posts = request.history.prefix(500).map { (tags: tags(in: String($0.suffix(longest))), words: words(in: $0)) }
        var documents: [String: Int] = [:]
        for post in posts { for word in post.words { documents[word, default: 0] += 1 } }
        let wanted = words(in: request.text)
        func rarity(_ word: String) -> Double { log(Double(posts.count + 1) / Double((documents[word] ?? 0) + 1)) + 1 }

        var scores: [String: (spelling: String, score: Double)] = [:]
        func add(_ tag: String, _ score: Double) {
            let key = tag.lowercased()
            scores[key] = (scores[key]?.spelling ?? tag, (scores[key]?.score ?? 0) + score)
        }
        for (age, post) in posts.enumerated() {
            let shared = post.words.intersection(wanted).sorted().map(rarity).reduce(0, +)
            let recency = 1 / (1 + Double(age) / 50)
            for tag in post.tags { add(tag, (1 + 3 * shared) * recency) }
        }
        for tag in request.brand.hashtagSets.joined().compactMap(normalized) {
            add(tag, wanted.contains(String(tag.dropFirst()).lowercased()) ? 4 : 0.5)
        }
        return scores.sorted { ($1.value.score, $0.key) < ($0.value.score, $1.key) }
            .map(\.value.spelling).filter { !banned.occur(inTag: $0) }.prefix(max(request.limit, 0)).map { $0 }
    }

    /// Of a longer text the words are read from the beginning and the tags from the end, where they stand.
    private static let longest = 5_000

    /// `#word` wherever it stands at the start of a word, each once.
    package static func tags(in text: String) -> [String] {
        var found: [String] = []
        var known: Set<String> = []
        var previous: Character = " "
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == "#", !previous.isLetter, !previous.isNumber, previous != "_", previous != "/",
                let tag = normalized(String(rest.prefix { isTagCharacter($0) })), known.insert(tag).inserted
            {
                found.append(tag)
            }
            previous = character
        }
        return found
    }

    /// With one `#` and nothing that ends a hashtag; nil when nothing is left or there are only digits.
    static func normalized(_ tag: String) -> String? {
        let word = tag.filter(isTagCharacter).prefix(100)
        return word.contains { !$0.isNumber && $0 != "_" } ? "#" + word : nil
    }

    private static func isTagCharacter(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }

    /// Lower-case words of four letters and more: shorter ones say little about what a post is about.
    private static func words(in text: String) -> Set<String> {
        Set(text.prefix(longest).lowercased().split { !isTagCharacter($0) }.map(String.init).filter { $0.count >= 4 })
    }
}
