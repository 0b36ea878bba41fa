package import Contract
package import Core

/// What a request says of an automation.
package struct AutomationInput: APIInput {
    package var title: String?
    package var description = Change<String>.keep
    package var isEnabled: Bool?
    package var trigger: AutomationTriggerInput?
    package var conditions = Change<JSONValue>.keep
    package var actions: [AutomationAction]?
    package var brandIDs: [BrandID]?
    package var cooldownSeconds: Int?
    package var maxRunsPerHour: Int?

    package init() {}

    package static let name = "AutomationInput"
    package static let fields: [InputField<Self>] = [
        InputField("name", "Its name; required when creating.", .length(1...120)) { $0.title = $1 },
        InputField("description", "What it is for.", .ifSet(.length(0...1000))) { $0.description = $1 },
        InputField("enabled", "Whether it runs; true unless said otherwise.") { $0.isEnabled = $1 },
        InputField("trigger", "What makes it run; required when creating.") { $0.trigger = $1 },
        InputField(
            "conditions",
            "What must be so, in the language of webhook filters: paths, operators, $and, $or, $not. Null: it always runs."
        ) { $0.conditions = $1 },
        InputField("actions", "What it does, in order, all or nothing; required when creating.", .count(1...10)) {
            $0.actions = $1
        },
        InputField("brandIds", "Only events of these brands; empty: of all.", .count(0...100)) { $0.brandIDs = $1 },
        InputField("cooldownSeconds", "The least pause between two runs; 0 unless said otherwise.", .range(0...604_800)) {
            $0.cooldownSeconds = $1
        },
        InputField("maxRunsPerHour", "Most runs within an hour; 60 unless said otherwise.", .range(1...3600)) {
            $0.maxRunsPerHour = $1
        },
    ]
    package static let example: JSONValue = [
        "name": "Tell the team", "trigger": ["type": "post.published"],
        "conditions": ["data.platforms": ["$contains": "instagram"]],
        "actions": [["type": "send_notification", "title": "Published: {{data.title}}"]],
    ]

    /// What each field says by itself, beyond its type.
    var issues: [FieldIssue] {
        var issues = trigger?.issues(at: "trigger") ?? []
        do throws(PredicateIssue) { _ = try Automation.predicate(conditions.value) } catch { issues.append(error.issue) }
        return issues
    }

    /// Writes what is said onto `automation`.
    /// - Throws: ``APIError`` naming the field, for what can be judged only together with what is there.
    func apply(to automation: inout Automation) throws(APIError) {
        automation.title = title ?? automation.title
        automation.description = description.applied(to: automation.description)
        automation.isEnabled = isEnabled ?? automation.isEnabled
        automation.trigger = trigger?.trigger ?? automation.trigger
        automation.conditions = conditions.applied(to: automation.conditions)
        if let actions {
            automation.actions = try actions.enumerated().map { index, action throws(APIError) in
                try action.withKeptSecret(of: automation.actions, at: "actions[\(index)].secret")
            }
        }
        automation.brandIDs = brandIDs ?? automation.brandIDs
        automation.cooldownSeconds = cooldownSeconds ?? automation.cooldownSeconds
        automation.maxRunsPerHour = maxRunsPerHour ?? automation.maxRunsPerHour
    }
}

extension AutomationAction {
    /// A secret that is sent back as it was shown stays what it was for the same URL: a client may read an automation, change
    /// a field and put the whole of it back.
    func withKeptSecret(of present: [AutomationAction], at field: String) throws(APIError) -> AutomationAction {
        guard case .webhookCall(var call) = step, let secret = call.secret, secret.reveal().hasPrefix(Webhook.mask) else {
            return self
        }
        let known = present.lazy.compactMap { action -> Secret? in
            guard case .webhookCall(let other) = action.step, other.url == call.url else { return nil }
            return other.secret
        }.first { Webhook.masked($0) == secret.reveal() }
        guard let known else { throw APIError.invalid(field, "is a masked value that is not its own; send the secret") }
        call.secret = known
        var kept = self
        kept.step = .webhookCall(call)
        return kept
    }
}
