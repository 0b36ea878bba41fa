package import Contract
import Core

package struct QueuesAPI: Sendable {
    let queues: QueueStore

    package init(queues: QueueStore) { self.queues = queues }

    package var endpoints: [Endpoint] {
        let id = PathParameter("id", as: QueueID.self, "The queue.")
        return [
            Endpoint("GET", "/api/queues", id: "queues.list", "List the queues.", scope: .readOnly, PageParameters()) {
                caller, page in Paged(try await queues.list(for: caller, page: page))
            },
            Endpoint(
                "POST", "/api/queues", id: "queues.create", "Create a queue of weekly slots.", scope: .readWrite,
                role: .manager,
                JSONBody(QueueInput.self)
            ) { caller, input in
                let queue = try await queues.create(input, for: caller)
                return Created(queue, at: "/api/queues/\(queue.id)")
            },
            Endpoint("GET", "/api/queues/{id}", id: "queues.get", "Get a queue.", scope: .readOnly, id) { caller, id in
                OK(try await queues.get(id, for: caller))
            },
            Endpoint(
                "PUT", "/api/queues/{id}", id: "queues.update", "Change a queue; posts that have their time keep it.",
                scope: .readWrite, role: .manager, id, JSONBody(QueueInput.self)
            ) { caller, id, input in OK(try await queues.update(id, with: input, for: caller)) },
            Endpoint(
                "DELETE", "/api/queues/{id}", id: "queues.delete", "Delete a queue; posts that have their time keep it.",
                scope: .readWrite, role: .manager, id
            ) { caller, id in
                try await queues.delete(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
        ]
    }
}
