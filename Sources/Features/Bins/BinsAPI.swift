package import Contract
import Core

/// Request bins.
package struct BinsAPI: Sendable {
    let bins: BinStore

    package init(bins: BinStore) { self.bins = bins }

    package var endpoints: [Endpoint] {
        let id = PathParameter("id", as: BinID.self, "The bin.")
        return [
            Endpoint("GET", "/api/bins", id: "bins.list", "List the request bins.", scope: .readOnly, PageParameters()) {
                caller, page in Paged(try await bins.list(for: caller, page: page))
            },
            Endpoint(
                "POST", "/api/bins", id: "bins.create", "Make a request bin: a URL that takes any request and shows it.",
                scope: .readWrite, errors: [.quotaExceeded], JSONBody(BinInput.self, optional: true)
            ) { caller, input in
                let bin = try await bins.create(input, for: caller)
                return Created(bin, at: "/api/bins/\(bin.id)")
            },
            Endpoint("GET", "/api/bins/{id}", id: "bins.get", "Get a bin.", scope: .readOnly, id) { caller, id in
                OK(try await bins.get(id, for: caller))
            },
            Endpoint(
                "PUT", "/api/bins/{id}", id: "bins.update", "Change how a bin answers: rehearse failures with it.",
                scope: .readWrite, id, JSONBody(BinInput.self)
            ) { caller, id, input in OK(try await bins.update(id, with: input, for: caller)) },
            Endpoint(
                "DELETE", "/api/bins/{id}", id: "bins.delete", "Delete a bin and what it took.", scope: .readWrite, id
            ) { caller, id in
                try await bins.delete(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
            Endpoint(
                "GET", "/api/bins/{id}/requests", id: "bins.requests", "List what a bin took, newest first.", scope: .readOnly,
                id, PageParameters()
            ) { caller, id, page in Paged(try await bins.requests(of: id, for: caller, page: page)) },
        ]
    }
}
