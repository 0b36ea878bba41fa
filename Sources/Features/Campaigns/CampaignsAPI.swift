package import Contract
import Core

package struct CampaignsAPI: Sendable {
    let campaigns: CampaignStore

    package init(campaigns: CampaignStore) { self.campaigns = campaigns }

    package var endpoints: [Endpoint] {
        let id = PathParameter("id", as: CampaignID.self, "The campaign.")
        return [
            Endpoint(
                "GET", "/api/campaigns", id: "campaigns.list", "List campaigns, newest first.", scope: .readOnly,
                QueryParameters(CampaignFilter.self), PageParameters()
            ) { caller, filter, page in Paged(try await campaigns.list(filter, for: caller, page: page)) },
            Endpoint(
                "POST", "/api/campaigns", id: "campaigns.create", "Create a campaign; without startsAt it is a draft.",
                scope: .readWrite, role: .manager, JSONBody(CampaignInput.self)
            ) { caller, input in
                let campaign = try await campaigns.create(input, for: caller)
                return Created(campaign, at: "/api/campaigns/\(campaign.id)")
            },
            Endpoint("GET", "/api/campaigns/{id}", id: "campaigns.get", "Get a campaign.", scope: .readOnly, id) { caller, id in
                OK(try await campaigns.get(id, for: caller))
            },
            Endpoint(
                "PUT", "/api/campaigns/{id}", id: "campaigns.update", "Change a campaign; absent fields stay, null clears.",
                scope: .readWrite, role: .manager, id, JSONBody(CampaignInput.self)
            ) { caller, id, input in OK(try await campaigns.update(id, with: input, for: caller)) },
            Endpoint(
                "DELETE", "/api/campaigns/{id}", id: "campaigns.delete", "Delete a campaign; its posts stay without one.",
                scope: .readWrite, role: .manager, errors: [.invalidTransition], id
            ) { caller, id in
                try await campaigns.delete(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
            Endpoint(
                "POST", "/api/campaigns/{id}/pause", id: "campaigns.pause", "Hold the campaign's posts.", scope: .readWrite,
                role: .manager, errors: [.invalidTransition], id
            ) { caller, id in OK(try await campaigns.pause(id, for: caller)) },
            Endpoint(
                "POST", "/api/campaigns/{id}/resume", id: "campaigns.resume",
                "Go on: posts whose time passed meanwhile are published at once.", scope: .readWrite, role: .manager,
                errors: [.invalidTransition], id
            ) { caller, id in OK(try await campaigns.resume(id, for: caller)) },
            Endpoint(
                "POST", "/api/campaigns/{id}/cancel", id: "campaigns.cancel",
                "End a campaign before its time and take its scheduled posts off the schedule.", scope: .readWrite,
                role: .manager, errors: [.invalidTransition], id
            ) { caller, id in OK(try await campaigns.cancel(id, for: caller)) },
            Endpoint(
                "GET", "/api/campaigns/{id}/summary", id: "campaigns.summary", "Get a campaign's posts in numbers.",
                scope: .readOnly, id
            ) { caller, id in OK(try await campaigns.summary(of: id, for: caller)) },
        ]
    }
}
