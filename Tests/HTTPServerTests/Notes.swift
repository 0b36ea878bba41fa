import Contract
import Core
import Relational

/// Endpoints for the tests: every kind of part, and every way to fail.
enum Notes {
    static let endpoints: [Endpoint] = [
        Endpoint(
            "GET", "/api/notes", id: "notes.list", "List.", scope: .readOnly, QueryParameters(NoteFilter.self), PageParameters()
        ) { _, filter, page in
            OK(Note(id: "list", text: "status=\(filter.status ?? "any") limit=\(page.limit)"))
        },
        Endpoint("POST", "/api/notes", id: "notes.create", "Create.", scope: .readWrite, JSONBody(NoteInput.self)) { _, input in
            Created(Note(id: "n1", text: input.text), at: "/api/notes/n1")
        },
        Endpoint(
            "GET", "/api/notes/{id}", id: "notes.get", "Get.", scope: .readOnly, PathParameter("id", as: String.self, "It.")
        ) {
            _, id in
            OK(Note(id: id, text: "note"))
        },
        Endpoint(
            "DELETE", "/api/notes/{noteId}", id: "notes.delete", "Delete.", scope: .admin,
            PathParameter("noteId", as: String.self, "It.")
        ) { _, id in Deleted(id).asOK },
        Endpoint(
            "GET", "/api/notes/{id}/lines/{line}", id: "notes.line", "Line.", scope: .readOnly,
            PathParameter("id", as: String.self, "It."), PathParameter("line", as: Int.self, "Which.")
        ) { _, id, line in OK(Note(id: id, text: "\(line)")) },
        Endpoint(
            "POST", "/api/notes/{id}/seal", id: "notes.seal", "Seal.", scope: .readWrite,
            PathParameter("id", as: String.self, "It.")
        ) { _, id in Accepted(Note(id: id, text: "sealed")) },
        Endpoint("GET", "/api/slow", id: "notes.slow", "Slow.", scope: .readOnly) { _ in
            try await Task.sleep(for: .milliseconds(300))
            return OK(Note(id: "slow", text: "done"))
        },
        Endpoint("GET", "/api/broken", id: "notes.broken", "Broken.", scope: .readOnly) { _ -> OK<Note> in
            throw Unforeseen(text: "failed with \(TestServer.secretInError)\nand a second line")
        },
        Endpoint("GET", "/api/long", id: "notes.long", "Long.", scope: .readOnly) { _ in
            OK(Note(id: "long", text: String(repeating: "All work and no play. ", count: 200)))
        },
        Endpoint("POST", "/api/say", id: "notes.say", "Say.", scope: .readWrite, JSONBody(NoteInput.self)) { _, input in
            Created(Note(id: "n1", text: input.text), at: "/api/notes/n1")
        },
        Endpoint("POST", "/api/echo", id: "notes.echo", "Echo.", scope: .readWrite, JSONBody(LongInput.self)) { _, input in
            OK(Note(id: "echo", text: String(input.text.utf8.count)))
        },
        Endpoint(
            "GET", "/api/pages", id: "notes.pages", "Pages.", scope: .readOnly, PageParameters(),
            QueryParameters(NoteFilter.self)
        ) {
            _, page, _ in
            let all = (1...5).map { Note(id: String($0), text: "note") }
            return Paged(page.page(of: all) { Cursor(key: $0.id) })
        },
        Endpoint("GET", "/api/busy", id: "notes.busy", "Busy.", scope: .readOnly) { _ -> OK<Note> in throw RelationalError.busy
        },
    ]
}

extension Notes {
    /// The first version said `body` where today's says `text`.
    static let history = APIHistory(
        versions: [APIVersion("2026-11-01"), APIVersion("2027-02-01")],
        changes: [
            APIChange(
                since: APIVersion("2027-02-01"), operations: ["notes.say"], upgrade: { renamed($0, "body", to: "text") },
                downgrade: { renamed($0, "text", to: "body") })
        ])

    private static func renamed(_ json: JSONValue, _ old: String, to new: String) -> JSONValue {
        .object((json.object ?? []).map { .init($0.key == old ? new : $0.key, $0.value) })
    }
}

struct LongInput: APIInput {
    var text = ""
    static let name = "LongInput"
    static let fields: [InputField<Self>] = [InputField("text", "Any text.", required: true) { $0.text = $1 }]
    static let example: JSONValue = ["text": "hello"]
}

struct Unforeseen: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}

struct Note: APIObject {
    let id: String
    let text: String

    static let name = "Note"
    static let properties: [Property<Self>] = [
        Property("id", "Its id.") { $0.id },
        Property("text", "Its text.") { $0.text },
    ]
    static let example = Note(id: "n1", text: "hello")
}

extension Deleted {
    var asOK: OK<Deleted> { OK(self) }
}

struct NoteInput: APIInput {
    var text = ""
    var count = 0

    static let name = "NoteInput"
    static let fields: [InputField<Self>] = [
        InputField("text", "The text.", required: true, .length(1...20)) { $0.text = $1 },
        InputField("count", "A number.") { $0.count = $1 },
    ]
    static let example: JSONValue = ["text": "hello"]
}

struct NoteFilter: APIQuery {
    var status: String?
    static let parameters: [QueryParameter<Self>] = [QueryParameter("status", "Which.") { $0.status = $1 }]
}
