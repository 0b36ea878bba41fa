package import Contract
import Core

/// The endpoints of one kind of label.
package struct ContentLabelsAPI<Kind: LabelKind>: Sendable {
    let labels: ContentLabelStore<Kind>

    package init(labels: ContentLabelStore<Kind>) { self.labels = labels }

    package var endpoints: [Endpoint] {
        let path = "/api/\(Kind.path)"
        let id = PathParameter("id", as: ID<Kind.IDKind>.self, "The \(Kind.word).")
        return [
            Endpoint("GET", path, id: "\(Kind.path).list", "List the \(Kind.path).", scope: .readOnly, PageParameters()) {
                caller, page in Paged(try await labels.list(in: caller.organizationID, page: page))
            },
            Endpoint(
                "POST", path, id: "\(Kind.path).create", "Create a \(Kind.word).", scope: .readWrite, role: .manager,
                errors: [.conflict], JSONBody(ContentLabelInput<Kind>.self)
            ) { caller, input in
                let label = try await labels.create(input, for: caller)
                return Created(label, at: "\(path)/\(label.id)")
            },
            Endpoint("GET", path + "/{id}", id: "\(Kind.path).get", "Get a \(Kind.word).", scope: .readOnly, id) { caller, id in
                OK(try await labels.get(id, in: caller.organizationID))
            },
            Endpoint(
                "PUT", path + "/{id}", id: "\(Kind.path).update", "Change a \(Kind.word); absent fields stay.",
                scope: .readWrite,
                role: .manager, errors: [.conflict], id, JSONBody(ContentLabelInput<Kind>.self)
            ) { caller, id, input in OK(try await labels.update(id, with: input, for: caller)) },
            Endpoint(
                "DELETE", path + "/{id}", id: "\(Kind.path).delete",
                "Delete a \(Kind.word); posts keep what they were filed under.", scope: .readWrite, role: .manager, id
            ) { caller, id in
                try await labels.delete(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
        ]
    }
}
