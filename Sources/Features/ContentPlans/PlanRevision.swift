package import Contract
package import Core

/// A change in words.
package struct PlanRevisionInput: APIInput {
    package var prompt = ""

    package init() {}

    package static let name = "PlanRevisionInput"
    package static let fields: [InputField<Self>] = [
        InputField(
            "prompt", "What shall be different, in words: `no posts on weekends, more video`.", required: true,
            .length(1...2000)
        ) {
            $0.prompt = $1
        }
    ]
    package static let example: JSONValue = ["prompt": "No posts on weekends, more video"]
}

/// A revision that was asked for, and what became of it.
package struct PlanPrompt: Sendable, Hashable {
    package var prompt: String
    package var userID: UserID
    package var at: Instant
    package var provider: String
    package var applied: [String]
    package var notUnderstood: [String]
}

extension PlanPrompt: APIObject {
    package static let name = "PlanPrompt"
    package static let properties: [Property<Self>] = [
        Property("prompt", "The words.") { $0.prompt },
        Property("userId", "Whose they were.") { $0.userID },
        Property("at", "When.") { $0.at },
        Property("provider", "Who carried them out.") { $0.provider },
        Property("applied", "What was done, a sentence each.") { $0.applied },
        Property("notUnderstood", "What was not understood or not possible.") { $0.notUnderstood },
    ]
    package static let example = PlanPrompt(
        prompt: "No posts on weekends, more glitter", userID: ID("cmb2k7q0x0000000000000003"),
        at: Instant(seconds: 1_770_000_100),
        provider: "offline-template", applied: ["Moved 3 posts away from Saturday, Sunday."], notUnderstood: ["more glitter"])

    /// As it was stored; nil for what is no prompt.
    init?(stored json: JSONValue) {
        guard let prompt = json["prompt"]?.string, let user = json["userId"]?.string, let text = json["at"]?.string,
            let at = Instant(iso8601: text), let provider = json["provider"]?.string
        else { return nil }
        self.init(
            prompt: prompt, userID: UserID(user), at: at, provider: provider,
            applied: (json["applied"]?.array ?? []).compactMap(\.string),
            notUnderstood: (json["notUnderstood"]?.array ?? []).compactMap(\.string))
    }
}

/// The plan after a revision, and what became of the words.
package struct RevisedPlan: APIObject {
    package var plan: ContentPlan

    package static let name = "RevisedPlan"
    package var entityVersion: Int64? { plan.version }
    package static let properties: [Property<Self>] =
        ContentPlan.properties.map { $0.lifted { $0.plan } } + [
            Property("applied", "What was done, a sentence each.") { $0.plan.prompts.last?.applied ?? [] },
            Property("notUnderstood", "What was not understood or not possible, as it was written.") {
                $0.plan.prompts.last?.notUnderstood ?? []
            },
        ]
    package static let example: RevisedPlan = {
        var plan = ContentPlan.example
        plan.prompts = [.example]
        return RevisedPlan(plan: plan)
    }()
}

/// Finds each proposal again after a revision, so that its id and what was decided of it stay: pure.
enum PlanMatching {
    /// - Parameters:
    ///   - revised: the contents after the revision.
    ///   - present: the proposals before it.
    /// - Returns: the proposals after it, in their order. What is unchanged keeps its status; what changed is proposed again.
    static func items(_ revised: [ProposedPost], from present: [PlanItem], newID: () -> PlanItemID) -> [PlanItem] {
        var left = present
        var found = [PlanItem?](repeating: nil, count: revised.count)
        let sameness: [(ProposedPost, ProposedPost) -> Bool] = [
            { $0 == $1 }, { $0.topic == $1.topic && $0.caption == $1.caption }, { $0.scheduledFor == $1.scheduledFor },
        ]
        for isSame in sameness {
            for (index, content) in revised.enumerated() where found[index] == nil {
                guard let place = left.firstIndex(where: { isSame($0.content, content) }) else { continue }
                found[index] = left.remove(at: place)
            }
        }
        return zip(revised, found).map { content, before in
            guard var item = before else { return PlanItem(id: newID(), content: content) }
            if item.content != content { item.status = .proposed }
            item.content = content
            item.issue = item.status == .proposed ? nil : item.issue
            return item
        }
    }
}
