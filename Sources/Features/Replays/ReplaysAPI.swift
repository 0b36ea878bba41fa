package import Contract
import Core

/// Replays of a webhook's events.
package struct ReplaysAPI: Sendable {
    let replays: ReplayStore

    package init(replays: ReplayStore) { self.replays = replays }

    package var endpoints: [Endpoint] {
        let id = PathParameter("id", as: ReplayID.self, "The replay.")
        func steer(_ verb: String, _ summary: String, _ state: Replay.State) -> Endpoint {
            Endpoint(
                "POST", "/api/webhook-replays/{id}/\(verb)", id: "replays.\(verb)", summary, scope: .readWrite,
                errors: [.conflict], id
            ) { caller, id in OK(try await replays.steer(id, to: state, for: caller)) }
        }
        return [
            Endpoint(
                "POST", "/api/webhooks/{id}/replay", id: "webhooks.replay",
                "Send again what a webhook missed or failed to take; dryRun only counts.", scope: .readWrite,
                errors: [.conflict], PathParameter("id", as: WebhookID.self, "The webhook."), JSONBody(ReplayInput.self)
            ) { caller, id, input in Accepted(try await replays.start(input, for: id, by: caller)) },
            Endpoint("GET", "/api/webhook-replays/{id}", id: "replays.get", "Get a replay.", scope: .readOnly, id) {
                caller, id in OK(try await replays.get(id, for: caller))
            },
            steer("pause", "Pause a replay.", .paused), steer("resume", "Resume a replay.", .running),
            steer("cancel", "Cancel a replay; what it made due is still sent.", .cancelled),
        ]
    }
}
