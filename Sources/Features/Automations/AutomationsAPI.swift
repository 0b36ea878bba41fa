package import Contract
import Core

/// Automations, their runs and what they would do.
package struct AutomationsAPI: Sendable {
    let automations: AutomationStore
    let runs: AutomationRunStore
    /// Judges the URLs that automations call.
    let urls: any WebhookURLCheck

    package init(automations: AutomationStore, runs: AutomationRunStore, urls: any WebhookURLCheck) {
        self.automations = automations
        self.runs = runs
        self.urls = urls
    }

    package var endpoints: [Endpoint] {
        let id = PathParameter("id", as: AutomationID.self, "The automation.")
        let refusals: [ErrorCode] = [.webhookURLNotHTTPS, .webhookURLRefused, .quotaExceeded]
        return [
            Endpoint(
                "GET", "/api/automations", id: "automations.list", "List automations, newest first.", scope: .readOnly,
                PageParameters()
            ) { caller, page in Paged(try await automations.list(for: caller, page: page)) },
            Endpoint(
                "POST", "/api/automations", id: "automations.create",
                "Create an automation: a trigger, conditions and actions.", scope: .admin, errors: refusals,
                JSONBody(AutomationInput.self)
            ) { caller, input in
                try await check(input)
                let automation = try await automations.create(input, for: caller)
                return Created(automation, at: "/api/automations/\(automation.id)")
            },
            Endpoint("GET", "/api/automations/{id}", id: "automations.get", "Get an automation.", scope: .readOnly, id) {
                caller, id in OK(try await automations.get(id, for: caller))
            },
            Endpoint(
                "PUT", "/api/automations/{id}", id: "automations.update",
                "Change an automation; absent fields stay, null clears. It acts in your name from then on.", scope: .admin,
                errors: refusals, id, JSONBody(AutomationInput.self)
            ) { caller, id, input in
                _ = try await automations.get(id, for: caller)
                try await check(input)
                return OK(try await automations.update(id, with: input, for: caller))
            },
            Endpoint(
                "DELETE", "/api/automations/{id}", id: "automations.delete",
                "Delete an automation; what its runs have begun is finished.", scope: .admin, id
            ) { caller, id in
                try await automations.delete(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
            Endpoint(
                "GET", "/api/automations/{id}/runs", id: "automations.runs", "List an automation's runs, newest first.",
                scope: .readOnly, id, QueryParameters(AutomationRunFilter.self), PageParameters()
            ) { caller, id, filter, page in Paged(try await runs.list(filter, of: id, for: caller, page: page)) },
            Endpoint(
                "POST", "/api/automations/{id}/dry-run", id: "automations.dryRun",
                "Say what an automation would do on past events: which conditions hold and what each action would do. Nothing is kept.",
                scope: .admin, canRehearse: false, id, JSONBody(RehearsalInput.self, optional: true)
            ) { caller, id, input in OK(try await runs.rehearse(id, input, for: caller)) },
        ]
    }

    /// - Throws: ``APIError`` naming the URL that cannot be called.
    private func check(_ input: AutomationInput) async throws(APIError) {
        for (index, action) in (input.actions ?? []).enumerated() {
            guard case .webhookCall(let call) = action.step else { continue }
            do throws(APIError) {
                try await urls.check(call.url)
            } catch {
                var named = error
                named.details = error.details.map { FieldIssue("actions[\(index)].\($0.field)", $0.issue) }
                throw named
            }
        }
    }
}
