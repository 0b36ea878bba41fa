package import Core

/// A ``CaptionInput`` as its worker reads it: everything said.
package struct CaptionOrder: Sendable, Hashable {
    package var topic: String
    package var platforms: [Platform]
    package var count: Int
    package var tone: String?
    package var goals: [String]

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("topic", .string(topic)), .init("platforms", .array(platforms.map { .string($0.rawValue) })),
            .init("count", .int(Int64(count))), .init("goals", .array(goals.map { .string($0) })),
        ]
        if let tone { members.append(.init("tone", .string(tone))) }
        return .object(members)
    }

    init(topic: String, platforms: [Platform], count: Int, tone: String?, goals: [String]) {
        self.topic = topic
        self.platforms = platforms
        self.count = count
        self.tone = tone
        self.goals = goals
    }

    /// Nil for what another version wrote.
    package init?(stored text: String) {
        guard let json = try? JSONValue(parsing: text), let topic = json["topic"]?.string,
            let names = json["platforms"]?.array, let count = json["count"]?.int
        else { return nil }
        self.topic = topic
        platforms = names.compactMap { $0.string.flatMap(Platform.init(rawValue:)) }
        self.count = Int(count)
        tone = json["tone"]?.string
        goals = json["goals"]?.array?.compactMap(\.string) ?? []
    }
}
