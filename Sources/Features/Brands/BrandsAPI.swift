package import Contract
import Core

package struct BrandsAPI: Sendable {
    let brands: BrandStore
    let removal: BrandRemovalStore

    package init(brands: BrandStore, removal: BrandRemovalStore) {
        self.brands = brands
        self.removal = removal
    }

    package var endpoints: [Endpoint] {
        let id = PathParameter("id", as: BrandID.self, "The brand.")
        return [
            Endpoint("GET", "/api/brands", id: "brands.list", "List the brands.", scope: .readOnly, PageParameters()) {
                caller, page in Paged(try await brands.list(for: caller, page: page))
            },
            Endpoint(
                "POST", "/api/brands", id: "brands.create", "Create a brand.", scope: .admin, errors: [.conflict],
                JSONBody(BrandInput.self)
            ) { caller, input in
                let brand = try await brands.create(input, for: caller)
                return Created(brand, at: "/api/brands/\(brand.id)")
            },
            Endpoint("GET", "/api/brands/{id}", id: "brands.get", "Get a brand.", scope: .readOnly, id) { caller, id in
                guard caller.maySee(id), let brand = try await brands.find(id, in: caller.organizationID) else {
                    throw APIError.notFound("brand")
                }
                return OK(brand)
            },
            Endpoint(
                "PUT", "/api/brands/{id}", id: "brands.update", "Change a brand; absent fields stay.", scope: .admin,
                errors: [.conflict], id, JSONBody(BrandInput.self)
            ) { caller, id, input in
                OK(try await brands.update(id, with: input, for: caller))
            },
            Endpoint(
                "DELETE", "/api/brands/{id}", id: "brands.delete",
                "Delete a brand: its scheduled posts are cancelled, its accounts disconnected. What it published stays.",
                scope: .admin, errors: [.conflict], id
            ) { caller, id in
                try await removal.delete(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
        ]
    }
}
