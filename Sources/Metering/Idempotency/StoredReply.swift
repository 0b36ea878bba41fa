package import Contract
import Core

/// An answer that was given before, kept to be given again.
package struct StoredReply: Sendable, Hashable {
    package var status: Int
    package var location: String?
    package var entityTag: String?
    package var body: [UInt8]

    package init(_ reply: Reply) {
        status = reply.status
        location = reply.headers.first { $0.name == "Location" }?.value
        entityTag = reply.entityTag
        body = reply.body
    }

    init(status: Int, location: String?, entityTag: String?, body: [UInt8]) {
        self.status = status
        self.location = location
        self.entityTag = entityTag
        self.body = body
    }

    /// The answer as it will most likely be, made where its effect commits: a crash right after loses nothing that matters.
    init(expectedFrom object: (any APIObject)?, for scope: RequestScope) {
        func tag<Object: APIObject>(_ object: Object, _ body: [UInt8]) -> String { Reply.entityTag(of: object, rendered: body) }
        status = scope.status
        body = object?.jsonBytes ?? Array("{}".utf8)
        location = status == 201 ? object?.objectID.map { "\(scope.path)/\($0)" } : nil
        entityTag = object.map { tag($0, body) }
    }

    package var reply: Reply {
        let headers = [(name: "Idempotency-Replayed", value: "true")] + (location.map { [("Location", $0)] } ?? [])
        return Reply(status: status, headers: headers, body: body, entityTag: entityTag)
    }
}

/// Thrown out of a transaction that turns out to be a repeat: the answer of the first request.
struct Replay: Error {
    let reply: StoredReply
}
