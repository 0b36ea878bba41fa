package import Contract
import Core

package struct ContentPlansAPI: Sendable {
    let plans: ContentPlanStore

    package init(plans: ContentPlanStore) { self.plans = plans }

    package var endpoints: [Endpoint] {
        let id = PathParameter("id", as: ContentPlanID.self, "The content plan.")
        return [
            Endpoint(
                "POST", "/api/plans/generate-preview", id: "plans.preview",
                "Propose posts for a stretch of time. Free; keeps nothing.", scope: .readWrite, errors: [.unavailable],
                canRehearse: false, JSONBody(PlanWishInput.self)
            ) { caller, input in OK(try await plans.preview(input, for: caller)) },
            Endpoint(
                "GET", "/api/plans", id: "plans.list", "List content plans without their proposals, newest first.",
                scope: .readOnly, QueryParameters(ContentPlanFilter.self), PageParameters()
            ) { caller, filter, page in Paged(try await plans.list(filter, for: caller, page: page)) },
            Endpoint(
                "POST", "/api/plans", id: "plans.create", "Make a content plan: posts are proposed, none is created.",
                scope: .readWrite, canRehearse: false, JSONBody(PlanWishInput.self)
            ) { caller, input in
                let plan = try await plans.create(input, for: caller)
                return Created(plan, at: "/api/plans/\(plan.id)")
            },
            Endpoint(
                "GET", "/api/plans/{id}", id: "plans.get", "Get a content plan with its proposals.", scope: .readOnly, id
            ) { caller, id in OK(try await plans.get(id, for: caller)) },
            Endpoint(
                "PUT", "/api/plans/{id}", id: "plans.update",
                "Rename a plan; accept, reject or change its proposals. Those that are not named stay.", scope: .readWrite,
                errors: [.invalidTransition], id, JSONBody(ContentPlanInput.self)
            ) { caller, id, input in OK(try await plans.update(id, with: input, for: caller)) },
            Endpoint(
                "DELETE", "/api/plans/{id}", id: "plans.delete", "Delete a content plan; the posts made of it stay.",
                scope: .readWrite, errors: [.invalidTransition], id
            ) { caller, id in
                try await plans.delete(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
            Endpoint(
                "POST", "/api/plans/{id}/revise", id: "plans.revise",
                "Change the proposals in words. The answer says what was done and what was not understood.", scope: .readWrite,
                errors: [.invalidTransition, .conflict, .unavailable], canRehearse: false, id, JSONBody(PlanRevisionInput.self)
            ) { caller, id, input in OK(try await plans.revise(id, as: input.prompt, for: caller)) },
            Endpoint(
                "POST", "/api/plans/{id}/approve", id: "plans.approve",
                "Make a draft post of every proposal that is not rejected, each exactly once.", scope: .readWrite,
                role: .manager, errors: [.invalidTransition, .conflict], id
            ) { caller, id in OK(try await plans.approve(id, for: caller)) },
            Endpoint(
                "POST", "/api/plans/{id}/cancel", id: "plans.cancel", "End a content plan; the posts made of it stay.",
                scope: .readWrite, errors: [.invalidTransition], id
            ) { caller, id in OK(try await plans.cancel(id, for: caller)) },
        ]
    }
}
