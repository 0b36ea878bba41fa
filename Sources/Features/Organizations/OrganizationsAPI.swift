package import Contract
package import Core

/// Who is asking, where they are, and what this server says of itself.
package struct OrganizationsAPI: Sendable {
    let organizations: OrganizationStore
    let keys: KeyStore
    let meta: Meta

    package init(organizations: OrganizationStore, keys: KeyStore, meta: Meta) {
        self.organizations = organizations
        self.keys = keys
        self.meta = meta
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                "GET", "/api/organization", id: "organization.get", "Get the organization of the key.", scope: .readOnly
            ) { caller in
                guard let organization = try await organizations.find(caller.organizationID) else {
                    throw APIError.notFound("organization")
                }
                return OK(organization)
            },
            Endpoint(
                "PUT", "/api/organization", id: "organization.update",
                "Change the organization's settings; absent fields stay.",
                scope: .admin, JSONBody(OrganizationInput.self)
            ) { caller, input in OK(try await organizations.update(input, for: caller)) },
            Endpoint(
                "GET", "/api/organization/usage", id: "organization.usage", "Get what is used of the plan.", scope: .readOnly
            ) { caller in OK(try await organizations.usage(of: caller.organizationID)) },
            Endpoint("GET", "/api/me", id: "me.get", "Get the key that asks.", scope: .readOnly) { caller in
                guard let key = try await keys.find(caller.keyID, in: caller.organizationID) else {
                    throw APIError.notFound("key")
                }
                return OK(key)
            },
            Endpoint(
                "GET", "/api/meta", id: "meta.get", "Get the server's version, and the addresses that deliveries come from.",
                scope: .readOnly
            ) { _ in
                OK(meta)
            },
        ]
    }
}

/// What receivers and integrators want to know of the server.
package struct Meta: APIObject {
    package var version: String
    package var egressIPs: [String]
    package var platforms: [Platform]

    package init(version: String, egressIPs: [String], platforms: [Platform]) {
        self.version = version
        self.egressIPs = egressIPs
        self.platforms = platforms
    }

    package static let name = "Meta"
    package static let properties: [Property<Self>] = [
        Property("version", "The server's version.") { $0.version },
        Property("egressIps", "The addresses that deliveries come from, as the operator says; for receivers who allowlist.") {
            $0.egressIPs
        },
        Property("platforms", "The platforms that can be published to.") { $0.platforms },
    ]
    package static let example = Meta(
        version: "0.1.0", egressIPs: ["203.0.113.7"], platforms: [.mastodon, .instagram, .facebook])
}
