import Core

/// A stored payload, taken apart.
struct Envelope: Sendable {
    let event: OutgoingEvent
    let members: [JSONValue.Member]

    static let cloudEventsType = "application/cloudevents+json"

    init(_ event: OutgoingEvent) {
        self.init(event, (try? JSONValue(parsing: event.body))?.object ?? [])
    }

    private init(_ event: OutgoingEvent, _ members: [JSONValue.Member]) {
        self.event = event
        self.members = members
    }

    var json: JSONValue { .object(members) }
    var data: JSONValue { json["data"] ?? .object([]) }

    /// Where the whole event can be fetched.
    var link: String { "\(event.publicURL)/api/events/\(event.eventID)" }

    func bytes(_ version: PayloadVersion) -> [UInt8] {
        switch version {
        case .seed: json.bytes
        case .standard:
            JSONValue.object(
                [.init("id", .string(event.eventID)), .init("type", .string(event.type))]
                    + members.filter { $0.key != "event" }
            ).bytes
        case .cloudevents: cloudEvent.bytes
        case .thin: thin.bytes
        }
    }

    private var ids: [JSONValue.Member] { (data.object ?? []).filter { $0.key.hasSuffix("Id") } }

    private var cloudEvent: JSONValue {
        var all: [JSONValue.Member] = [
            .init("specversion", "1.0"), .init("id", .string(event.eventID)),
            .init("source", .string("\(event.publicURL)/organizations/\(json["organizationId"]?.string ?? "")")),
            .init("type", .string("com.audenci.\(event.type)")),
        ]
        if let subject = ids.first?.value.string { all.append(.init("subject", .string(subject))) }
        if let time = json["timestamp"] { all.append(.init("time", time)) }
        all.append(.init("datacontenttype", "application/json"))
        // Extension attributes are lower case and without punctuation.
        if let brand = json["brandId"]?.string { all.append(.init("brandid", .string(brand))) }
        if let user = json["userId"]?.string { all.append(.init("userid", .string(user))) }
        all.append(.init("data", data))
        return .object(all)
    }

    private var thin: JSONValue {
        let rest = members.filter { $0.key != "event" && $0.key != "data" && $0.key != "timestamp" }
        return .object(
            [
                .init("event", .string(event.type)), .init("timestamp", json["timestamp"] ?? .null),
                .init("id", .string(event.eventID)), .init("url", .string(link)), .init("data", .object(ids)),
            ] + rest)
    }

    /// The same with its data reduced to ids and a note where the rest is.
    var truncated: Envelope {
        let short = JSONValue.object(ids + [.init("truncated", true), .init("url", .string(link))])
        return Envelope(event, members.map { $0.key == "data" ? .init("data", short) : $0 })
    }

    /// Every scalar with the path to it: `data.platforms.0`.
    var flattened: [(name: String, value: String)] {
        var all: [(name: String, value: String)] = []
        func add(_ path: String, _ json: JSONValue) {
            switch json {
            case .object(let members):
                for member in members { add(path.isEmpty ? member.key : "\(path).\(member.key)", member.value) }
            case .array(let elements): for (index, element) in elements.enumerated() { add("\(path).\(index)", element) }
            case .string(let text): all.append((path, text))
            case .null: all.append((path, ""))
            case .bool, .int, .double: all.append((path, json.text))
            }
        }
        add("", json)
        return all
    }
}
