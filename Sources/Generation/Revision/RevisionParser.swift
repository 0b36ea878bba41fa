import Core
import Foundation

/// Reads instructions in plain English: a closed list of phrases, and an honest "no" to everything else.
struct RevisionParser {
    private let pillars: [(name: String, id: String)]
    private let categories: [(name: String, id: String)]

    init(_ request: PlanRequest) {
        pillars = request.pillars.map { (Self.plain($0.name), $0.id) }
        categories = request.categories.map { (Self.plain($0.name), $0.id) }
    }

    /// The steps in order, and what was not understood, as it was written.
    func parse(_ instruction: String) -> (steps: [RevisionStep], notUnderstood: [String]) {
        var steps: [RevisionStep] = []
        var rest: [String] = []
        for sentence in instruction.split(whereSeparator: { ".;\n!".contains($0) }) {
            let (found, unknown) = parse(clause: String(sentence), separators: [",", " and then ", " then ", " and ", " but "])
            steps += found
            rest += unknown
        }
        return (steps, rest)
    }

    /// A clause as a whole first: names and lists of days may hold commas and "and".
    private func parse(clause: String, separators: [String]) -> (steps: [RevisionStep], unknown: [String]) {
        let text = Self.plain(clause)
        guard !text.isEmpty else { return ([], []) }
        if let step = step(text) { return ([step], []) }
        for (index, separator) in separators.enumerated() {
            let parts = Self.split(clause, at: separator)
            guard parts.count > 1 else { continue }
            let (steps, unknown) = parse(parts: parts, separator, rest: Array(separators[(index + 1)...]))
            // When no part means anything, the clause is quoted whole.
            if steps.isEmpty { break }
            return (steps, unknown)
        }
        return ([], [CaptionWriter.shortened(clause, to: 200)])
    }

    /// From the left the longest run of parts that means something together: "Tips and Tricks" is one name.
    private func parse(
        parts: [String], _ separator: String, rest: [String]
    ) -> (steps: [RevisionStep], unknown: [String]) {
        var steps: [RevisionStep] = []
        var unknown: [String] = []
        var start = 0
        while start < parts.count {
            let ends = stride(from: min(parts.count, start + 7), to: start, by: -1)
            let run = ends.lazy.compactMap { end in
                step(Self.plain(parts[start..<end].joined(separator: separator))).map { (end, $0) }
            }.first
            if let (end, step) = run {
                steps.append(step)
                start = end
            } else {
                let result = parse(clause: parts[start], separators: rest)
                steps += result.steps
                unknown += result.unknown
                start += 1
            }
        }
        return (steps, unknown)
    }

    private func step(_ text: String) -> RevisionStep? {
        let words = text.split(separator: " ").map(String.init).filter { !Self.noise.contains($0) }
        guard let first = words.first else { return nil }
        let tail = Array(words.dropFirst())
        switch first {
        case "no", "skip", "avoid", "without", "not", "never", "dont", "don't": return removal(tail)
        case "remove", "drop", "delete": return removal(tail) ?? post(tail)
        case "more": return kind(tail).map(RevisionStep.more) ?? named(tail, in: pillars).map(RevisionStep.morePillar(id:))
        case "fewer", "less": return kind(tail).map(RevisionStep.fewer)
        case "only", "just": return only(tail)
        case "move", "shift", "schedule": return time(tail)
        default:
            if words.last == "only" { return only(Array(words.dropLast())) }
            return time(words)
        }
    }

    private func removal(_ words: [String]) -> RevisionStep? {
        if let days = weekdays(words) { return .avoid(weekdays: days) }
        if let type = kind(words) { return .removeType(type) }
        if let platform = platform(words) { return .removePlatform(platform) }
        let name = words.filter { $0 != "about" }
        switch name.first {
        case "pillar": return named(Array(name.dropFirst()), in: pillars).map(RevisionStep.removePillar(id:))
        case "category": return named(Array(name.dropFirst()), in: categories).map(RevisionStep.removeCategory(id:))
        default:
            return named(name, in: pillars).map(RevisionStep.removePillar(id:))
                ?? named(name, in: categories).map(RevisionStep.removeCategory(id:))
        }
    }

    private func only(_ words: [String]) -> RevisionStep? {
        if let days = weekdays(words) { return .avoid(weekdays: Set(1...7).subtracting(days)) }
        if let platform = platform(words) { return .onlyPlatform(platform) }
        return time(words)
    }

    private func post(_ words: [String]) -> RevisionStep? {
        guard words.count == 1, let number = words.first.flatMap({ Int($0) }), number > 0 else { return nil }
        return .removePost(number: number)
    }

    /// `mornings`, `to evenings`, `at 9am`, `at 18:30`.
    private func time(_ words: [String]) -> RevisionStep? {
        let words = words.filter { !["to", "in", "during", "at", "into"].contains($0) }
        guard words.count == 1, let word = words.first else { return nil }
        if let part = RevisionStep.DayPart.allCases.first(where: { [$0.rawValue, $0.rawValue + "s"].contains(word) }) {
            return .move(to: part)
        }
        return minute(word).map { .at(minuteOfDay: $0) }
    }

    private func minute(_ word: String) -> Int? {
        let isAfternoon = word.hasSuffix("pm")
        let isMorning = word.hasSuffix("am")
        let digits = isAfternoon || isMorning ? String(word.dropLast(2)) : word
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(parts.count), let hour = parts.first ?? nil, parts.count == 2 || isAfternoon || isMorning
        else { return nil }
        let minute = parts.count == 2 ? parts[1] : 0
        guard let minute, (0...59).contains(minute), hour >= 0 else { return nil }
        if isAfternoon || isMorning {
            guard (1...12).contains(hour) else { return nil }
            return (hour % 12 + (isAfternoon ? 12 : 0)) * 60 + minute
        }
        return hour < 24 ? hour * 60 + minute : nil
    }

    /// Only when every word is a day.
    private func weekdays(_ words: [String]) -> Set<Int>? {
        var days: Set<Int> = []
        for word in words.map({ $0.filter { $0 != "," } }) where !["on", "and", "or", "at", "during"].contains(word) {
            switch word {
            case "weekend", "weekends": days.formUnion([6, 7])
            case "weekday", "weekdays", "workdays": days.formUnion(1...5)
            default:
                let name = word.hasSuffix("s") ? String(word.dropLast()) : word
                guard let day = CalendarDay.weekdayNames.firstIndex(where: { $0.lowercased() == name }) else { return nil }
                days.insert(day + 1)
            }
        }
        return days.isEmpty || days.count == 7 ? nil : days
    }

    private func kind(_ words: [String]) -> ContentType? {
        guard words.count == 1, let word = words.first else { return nil }
        let names: [(ContentType, [String])] = [
            (.text, ["text", "texts"]), (.image, ["image", "images", "picture", "pictures", "photo", "photos"]),
            (.video, ["video", "videos"]), (.carousel, ["carousel", "carousels"]), (.story, ["story", "stories"]),
            (.reel, ["reel", "reels"]), (.short, ["short", "shorts"]), (.article, ["article", "articles"]),
            (.link, ["link", "links"]), (.poll, ["poll", "polls"]),
        ]
        return names.first { $0.1.contains(word) }?.0
    }

    private func platform(_ words: [String]) -> Platform? {
        let name = words.filter { !["on", "to"].contains($0) }.joined(separator: " ")
        return Platform.allCases.first { $0.rawValue == name || $0.displayName.lowercased() == name } ?? Platform(name: name)
    }

    private func named(_ words: [String], in names: [(name: String, id: String)]) -> String? {
        let wanted = words.filter { !Self.noise.contains($0) }.joined(separator: " ")
        return names.first { entry in
            entry.name.split(separator: " ").filter { !Self.noise.contains(String($0)) }.joined(separator: " ") == wanted
        }.flatMap { wanted.isEmpty ? nil : $0.id }
    }

    private static let noise: Set<String> = [
        "the", "a", "an", "any", "all", "please", "posts", "post", "content", "everything", "it", "them", "of", "do", "want",
        "i", "we", "make", "add", "use", "have",
    ]

    private static func plain(_ text: String) -> String {
        text.lowercased().filter { !"\"'“”‘’`?:".contains($0) || $0 == ":" }.split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }

    private static func split(_ text: String, at separator: String) -> [String] {
        var parts: [String] = []
        var rest = text[...]
        while let range = rest.range(of: separator, options: .caseInsensitive) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
