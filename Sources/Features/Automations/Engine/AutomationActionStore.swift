import Contract
import Core
import PayloadFormats
import Relational

/// What each action does in the database.
extension AutomationRunStore {
    /// Why a run failed. What it did is undone by then.
    struct ActionFailure: Error {
        var code: AutomationRun.Code
        var reason: String
        var results: [ActionResult]
    }

    /// Everything that an action works with.
    struct Scene {
        var automation: Automation
        var run: AutomationRun
        var event: EventRecord
        var post: Post?
        var facts: JSONValue
        /// In whose name it acts.
        var actor: Caller

        /// The brand of what is made.
        var brandID: BrandID? {
            event.brandID ?? (automation.brandIDs.count == 1 ? automation.brandIDs.first : nil)
        }

        func text(_ template: String) throws -> String { try TextTemplate(template).render(facts) }
        func line(_ template: String, limit: Int) throws -> String {
            String(try text(template).split(whereSeparator: \.isNewline).joined(separator: " ").prefix(limit))
        }
    }

    /// - Throws: ``ActionFailure``; an error of the database that a later try may not meet passes as it is.
    func performAll(
        of automation: Automation, in run: AutomationRun, _ event: EventRecord, _ facts: AutomationFacts,
        on connection: any RelationalConnection
    ) throws -> [ActionResult] {
        var results: [ActionResult] = []
        guard let actor = try actor(of: automation, on: connection) else {
            throw ActionFailure(
                code: .authorLeft,
                reason:
                    "The member in whose name it acts is no longer OWNER or ADMIN of the organization. Somebody who is takes it over by saving it: PUT /api/automations/\(automation.id).",
                results: Self.remaining(automation, after: results, as: .notRun))
        }
        var scene = Scene(
            automation: automation, run: run, event: event, post: facts.post, facts: facts.json, actor: actor)
        for (index, action) in automation.actions.enumerated() {
            do {
                results.append(try perform(action, at: index, in: &scene, on: connection))
            } catch let error {
                if let database = error as? RelationalError, database.mayPass { throw database }
                let message = Self.message(of: error)
                var all = results.map { result in
                    var undone = result
                    (undone.status, undone.objectID) = (.undone, nil)
                    return undone
                }
                all.append(ActionResult(index: index, kind: action.kind, status: .failed, error: message))
                let undone = results.isEmpty ? "Nothing was changed." : "What it had done before was undone."
                throw ActionFailure(
                    code: .actionFailed,
                    reason:
                        "actions[\(index)] (\(action.kind.rawValue)) failed: \(message) \(undone) Correct the automation or what it works on; the next event runs it again.",
                    results: all + Self.remaining(automation, after: all, as: .notRun))
            }
        }
        return results
    }

    private static func remaining(
        _ automation: Automation, after results: [ActionResult], as status: ActionResult.Status
    ) -> [ActionResult] {
        automation.actions.enumerated().dropFirst(results.count).map {
            ActionResult(index: $0.offset, kind: $0.element.kind, status: status)
        }
    }

    private static func message(of error: any Error) -> String {
        switch error {
        case let error as APIError:
            error.details.isEmpty
                ? error.message : error.details.map { "\($0.field) \($0.issue)" }.joined(separator: "; ") + "."
        case let error as FormatIssue: "A text \(error.description)."
        default: "\(error)."
        }
    }

    /// The member's rights of today, within the automation's brands; nil for somebody who may not have automations.
    func actor(of automation: Automation, on connection: any RelationalConnection) throws -> Caller? {
        let member = try automations.members.find(automation.userID, in: automation.organizationID, on: connection)
        guard let member, member.role >= .admin else { return nil }
        var brands = automation.brandIDs
        if !member.brandIDs.isEmpty {
            brands = brands.isEmpty ? member.brandIDs : brands.filter(member.brandIDs.contains)
            if brands.isEmpty { brands = [BrandID("none")] }
        }
        return Caller(
            organizationID: automation.organizationID, keyID: ID("automation"), userID: automation.userID, scope: .readWrite,
            role: member.role, brandIDs: brands, isDevelopment: automation.isDevelopment, requestsPerHour: 0)
    }

    private func perform(
        _ action: AutomationAction, at index: Int, in scene: inout Scene, on connection: any RelationalConnection
    ) throws -> ActionResult {
        var result = ActionResult(index: index, kind: action.kind, status: .done)
        switch action.step {
        case .createDraftPost(let form):
            let post = try create(form.post, caption: try scene.text(form.post.caption ?? ""), in: scene, on: connection) { _ in
            }
            (result.objectID, result.summary) = (post.id.rawValue, "Draft \"\(post.displayTitle)\".")
        case .schedulePost(let form):
            let post = try schedule(form, in: &scene, on: connection)
            let time = post.scheduledFor?.description ?? ""
            (result.objectID, result.summary) = (post.id.rawValue, "Post \"\(post.displayTitle)\" is scheduled for \(time).")
        case .addToCampaign(let form):
            let campaign = try campaigns.get(form.campaignID, for: scene.actor, on: connection)
            let post = try file(&scene, campaign: campaign, on: connection)
            (result.objectID, result.summary) = (post.id.rawValue, "Post \(post.id) is in the campaign \"\(campaign.title)\".")
        case .addTags(let form):
            let post = try file(&scene, tags: form.tags, on: connection)
            (result.objectID, result.summary) = (
                post.id.rawValue, "Post \(post.id) has the tags \(post.tags.joined(separator: ", "))."
            )
        case .updatePostStatus(let form):
            var input = PostInput()
            input.status = form.status
            let post = try posts.update(try Self.post(of: scene), with: input, for: scene.actor, on: connection)
            scene.post = post
            (result.objectID, result.summary) = (post.id.rawValue, "Post \(post.id) is \(post.status.rawValue).")
        case .sendEmail(let form):
            let (subject, text) = (try scene.line(form.subject, limit: 300), try scene.text(form.text))
            for address in form.to {
                try mails.enqueue(
                    OutgoingMail(to: address, subject: subject, text: text), of: scene.automation.organizationID, on: connection
                )
            }
            result.summary = "Mail \"\(subject)\" to \(form.to.joined(separator: ", "))."
        case .sendNotification(let form):
            let title = try scene.line(form.title, limit: 300)
            let count = try notifications.add(
                title, text: try form.text.map { String(try scene.text($0).prefix(8000)) }, to: form.userIDs,
                brand: scene.event.brandID, from: scene.automation, on: connection)
            result.summary = "Notification \"\(title)\" to \(count) member\(count == 1 ? "" : "s")."
        case .webhookCall, .generateContent, .generateImage:
            let task = try begin(action, at: index, in: scene, on: connection)
            (result.status, result.objectID, result.summary) = (.pending, task.id.rawValue, task.summary)
            result.attempts = 0
        }
        return result
    }

    // MARK: Posts

    private static func post(of scene: Scene) throws(APIError) -> PostID {
        guard let post = scene.post else {
            throw APIError(.conflict, "The event is about no post, or the post is no longer there.")
        }
        return post.id
    }

    /// A new post. What comes of it later still counts as caused by this run.
    func create(
        _ template: PostTemplate, caption: String, in scene: Scene, on connection: any RelationalConnection,
        _ adjust: (inout PostInput) -> Void
    ) throws -> Post {
        var input = PostInput()
        input.brandID = template.brandID ?? scene.brandID
        input.caption = caption
        input.platforms = template.platforms ?? scene.post?.platforms
        if let title = template.title { input.title = .set(try scene.line(title, limit: 200)) }
        if let link = template.link { input.link = .set(try scene.line(link, limit: 2048)) }
        if let campaign = template.campaignID { input.campaignID = .set(campaign) }
        if let category = template.categoryID { input.categoryID = .set(category) }
        if !template.tags.isEmpty { input.tags = .set(template.tags) }
        adjust(&input)
        let post = try posts.create(input, for: scene.actor, on: connection)
        try mark(post, in: scene, on: connection)
        return post
    }

    private func schedule(
        _ form: ScheduleAction, in scene: inout Scene, on connection: any RelationalConnection
    ) throws -> Post {
        let now = ambient.now()
        func time(_ input: inout PostInput) {
            input.status = .scheduled
            if let minutes = form.delayMinutes { input.scheduledFor = .set(now + .seconds(minutes * 60)) }
            if let queue = form.queueID {
                input.queueID = .set(queue)
                input.scheduledFor = .clear
            }
        }
        if let caption = form.post.caption {
            return try create(form.post, caption: try scene.text(caption), in: scene, on: connection, time)
        }
        var input = PostInput()
        time(&input)
        let post = try posts.update(try Self.post(of: scene), with: input, for: scene.actor, on: connection)
        // Published later, it still is part of this chain.
        try mark(post, in: scene, on: connection)
        scene.post = post
        return post
    }

    private func mark(_ post: Post, in scene: Scene, on connection: any RelationalConnection) throws {
        try connection.execute(
            AutomationQueries.cause(
                post.id.rawValue, in: post.organizationID, depth: scene.run.depth + 1, at: scene.run.createdAt))
    }

    private func file(
        _ scene: inout Scene, campaign: Campaign? = nil, tags: [String] = [], on connection: any RelationalConnection
    ) throws -> Post {
        let post = try posts.file(
            try Self.post(of: scene), in: campaign?.id, adding: tags, for: scene.actor, on: connection)
        scene.post = post
        return post
    }
}

extension RelationalError {
    /// True for what a later try may not meet: nothing is decided by it.
    var mayPass: Bool {
        switch self {
        case .busy, .storage, .closed: true
        case .unique, .foreignKey, .check, .notNull, .unreadable, .other: false
        }
    }
}
