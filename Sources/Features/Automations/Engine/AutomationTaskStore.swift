import Contract
package import Core
import PayloadFormats
import Relational

/// What runs do outside the database.
extension AutomationRunStore {
    /// Does what is due, several at once.
    /// - Parameter generator: nil refuses what needs one.
    /// - Returns: when the next is due.
    package func work(
        _ caller: any AutomationCaller, _ generator: (any AutomationGenerator)?, limit: Int = 32
    ) async throws -> Instant? {
        guard let next = try await nextTask() else { return nil }
        guard next <= ambient.now() else { return next }
        let claimed = try await claim(limit)
        let failures = await withTaskGroup(of: (any Error)?.self) { group in
            for task in claimed {
                group.addTask {
                    do {
                        try await settle(task, await attempt(task, caller, generator))
                        return nil
                    } catch {
                        // The lease ends, and it is done again under the same id.
                        return error
                    }
                }
            }
            return await group.reduce(into: [any Error]()) { if let error = $1 { $0.append(error) } }
        }
        if let failure = failures.first { throw failure }
        return try await nextTask()
    }

    private func nextTask() async throws -> Instant? {
        try await engine.readByKey { connection in
            try connection.first("SELECT min(next_at) FROM automation_task WHERE next_at IS NOT NULL") { $0.optionalInstant(0) }
                ?? nil
        }
    }

    private func claim(_ limit: Int) async throws -> [AutomationTask] {
        let now = ambient.now()
        return try await engine.write { connection in
            try connection.query(
                """
                UPDATE automation_task SET attempts = attempts + 1, next_at = \(now + AutomationTask.lease)
                WHERE (organization_id, id) IN (
                    SELECT organization_id, id FROM automation_task WHERE next_at IS NOT NULL AND next_at <= \(now)
                    ORDER BY next_at LIMIT \(limit) \(.skipLocked))
                RETURNING organization_id, id, automation_id, run_id, place, kind, content_sealed, attempts
                """
            ) { row in
                AutomationTask(
                    id: row.id(1), organizationID: row.id(0), automationID: row.id(2), runID: row.id(3),
                    place: Int(row.int(4)), kind: try row.value(5), content: row.text(6), attempts: Int(row.int(7)))
            }
        }
    }

    // MARK: Beginning

    /// Writes down what is to be done, on the run's transaction.
    func begin(
        _ action: AutomationAction, at place: Int, in scene: Scene, on connection: any RelationalConnection
    ) throws -> (id: AutomationTaskID, summary: String) {
        let id = ambient.newID(AutomationTaskID.self)
        let (content, summary) = try Self.content(of: action, in: scene)
        let sealed = try automations.box.seal(Secret(content.text), context: Self.context(scene.run.organizationID, id))
        let now = ambient.now()
        try connection.execute(
            """
            INSERT INTO automation_task (organization_id, id, automation_id, run_id, place, kind, content_sealed, state,
                                         attempts, next_at, created_at)
            VALUES (\(scene.run.organizationID), \(id), \(scene.automation.id), \(scene.run.id), \(Int64(place)),
                    \(action.kind), \(sealed), 'PENDING', 0, \(now), \(now))
            """)
        return (id, summary)
    }

    private static func context(_ organization: OrganizationID, _ id: AutomationTaskID) -> String {
        "automation-task|\(organization)|\(id)"
    }

    private static func content(of action: AutomationAction, in scene: Scene) throws -> (JSONValue, String) {
        switch action.step {
        case .webhookCall(let call):
            var body = String(decoding: scene.event.body, as: UTF8.self)
            if let template = call.body {
                body = try TextTemplate(template, for: .json).render(scene.facts)
                guard (try? JSONValue(parsing: body)) != nil else {
                    throw APIError.invalid("body", "is no JSON once this event's values are filled in")
                }
            }
            var content: [JSONValue.Member] = [
                .init("url", .string(call.url)), .init("event", .string(scene.event.type)), .init("body", .string(body)),
                .init("timeoutSeconds", .int(Int64(call.timeoutSeconds))),
            ]
            if let secret = call.secret { content.append(.init("secret", .string(secret.reveal()))) }
            return (.object(content), "POST \(Webhook.shown(call.url)) with \(body.utf8.count) bytes.")
        case .generateContent(let form):
            let prompt = try scene.text(form.prompt)
            var post: [JSONValue.Member] = []
            let brand = form.post.brandID ?? scene.brandID
            if let brand { post.append(.init("brandId", .string(brand.rawValue))) }
            if let title = form.post.title { post.append(.init("title", .string(try scene.line(title, limit: 200)))) }
            if let link = form.post.link { post.append(.init("link", .string(try scene.line(link, limit: 2048)))) }
            let platforms = form.post.platforms ?? scene.post?.platforms ?? []
            if !platforms.isEmpty { post.append(.init("platforms", .array(platforms.map { .string($0.rawValue) }))) }
            if let id = form.post.campaignID { post.append(.init("campaignId", .string(id.rawValue))) }
            if let id = form.post.categoryID { post.append(.init("categoryId", .string(id.rawValue))) }
            if !form.post.tags.isEmpty { post.append(.init("tags", .array(form.post.tags.map { .string($0) }))) }
            guard let brand, scene.actor.maySee(brand) else {
                throw APIError.invalid("brandId", "is required: the event has none")
            }
            guard !platforms.isEmpty else { throw APIError.invalid("platforms", "is required: the event is about no post") }
            return (
                ["prompt": .string(prompt), "brandId": .string(brand.rawValue), "post": .object(post)],
                "A draft whose caption is generated: \"\(prompt.prefix(80))\"."
            )
        case .generateImage(let form):
            let prompt = try scene.text(form.prompt)
            guard let brand = form.brandID ?? scene.brandID, scene.actor.maySee(brand) else {
                throw APIError.invalid("brandId", "is required: the event has none")
            }
            return (
                ["prompt": .string(prompt), "brandId": .string(brand.rawValue)],
                "A generated picture: \"\(prompt.prefix(80))\"."
            )
        case .createDraftPost, .schedulePost, .addToCampaign, .addTags, .updatePostStatus, .sendEmail, .sendNotification:
            return ([:], "")
        }
    }

    // MARK: Doing

    private func attempt(
        _ task: AutomationTask, _ caller: any AutomationCaller, _ generator: (any AutomationGenerator)?
    ) async -> AutomationTaskOutcome {
        let content: JSONValue
        do {
            content = try open(task)
        } catch {
            return .refused("What was to be done cannot be read: \(error).")
        }
        if task.kind == .webhookCall {
            return await caller.send(
                AutomationCall(
                    id: task.id, attempt: task.attempts, url: content["url"]?.string ?? "",
                    secret: (content["secret"]?.string).map { Secret($0) }, eventType: content["event"]?.string ?? "",
                    body: Array((content["body"]?.string ?? "").utf8),
                    timeout: .seconds(content["timeoutSeconds"]?.int ?? 15)))
        }
        guard let generator else { return .refused("This server offers no AI generation.") }
        do {
            guard let actor = try await engine.read({ try actor(of: task, on: $0) }) else { return .refused(Self.authorLeft) }
            let platforms = content["post"]?["platforms"]?.array?.compactMap { $0.string.flatMap(Platform.parse) } ?? []
            return await generator.make(
                GenerationOrder(
                    id: task.id, kind: task.kind == .generateImage ? .image : .caption, prompt: content["prompt"]?.string ?? "",
                    brandID: ID(content["brandId"]?.string ?? ""), platforms: platforms, caller: actor))
        } catch {
            return .again("The database could not be read: \(error).")
        }
    }

    private static let authorLeft = "The member in whose name the automation acts is no longer OWNER or ADMIN."

    private func open(_ task: AutomationTask) throws -> JSONValue {
        try JSONValue(
            parsing: automations.box.open(task.content, context: Self.context(task.organizationID, task.id)).reveal())
    }

    private func actor(of task: AutomationTask, on connection: any RelationalConnection) throws -> Caller? {
        // Also of an automation that was deleted meanwhile: what was begun is finished.
        let automation = try connection.first(
            """
            SELECT \(AutomationQueries.columns) FROM automation
            WHERE organization_id = \(task.organizationID) AND id = \(task.automationID)
            """, automations.decode)
        return try automation.flatMap { try actor(of: $0, on: connection) }
    }

    // MARK: Settling

    /// Writes down what became of an attempt: task and run in one transaction, with the draft that a caption becomes.
    private func settle(_ task: AutomationTask, _ outcome: AutomationTaskOutcome) async throws {
        let now = ambient.now()
        let unit = ambient.unitInterval()
        try await engine.write { connection in
            let found = try connection.first(
                AutomationRunQueries.find(task.runID, of: task.automationID, in: task.organizationID),
                AutomationRunQueries.decode)
            guard var run = found, let index = run.results.firstIndex(where: { $0.index == task.place }) else {
                throw RelationalError.unreadable("the run of an automation's task is not there")
            }
            var result = run.results[index]
            result.attempts = task.attempts
            var next: Instant?
            switch outcome {
            case .done(let summary, let product, let objectID):
                try finish(task, summary, product, objectID, of: run, in: &result, on: connection)
            case .refused(let message): (result.status, result.error) = (.failed, message)
            case .again(let message, let notBefore):
                result.error = message
                if let wait = AutomationTask.backoff.delay(afterAttempt: task.attempts, unit: unit) {
                    next = now + max(wait, notBefore ?? .zero)
                } else {
                    result.status = .failed
                    result.error = "\(message) It was tried \(task.attempts) times."
                }
            }
            let state = next != nil ? "PENDING" : result.status == .failed ? "FAILED" : "DONE"
            // Only whoever has the lease: it may have ended, and somebody else be at it.
            let settled = try connection.execute(
                """
                UPDATE automation_task SET state = \(state), next_at = \(next),
                    content_sealed = CASE WHEN \(next == nil) THEN '' ELSE content_sealed END
                WHERE organization_id = \(task.organizationID) AND id = \(task.id) AND state = 'PENDING'
                  AND attempts = \(Int64(task.attempts))
                """)
            guard settled == 1 else { throw LostLease() }
            run.results[index] = result
            Self.close(&run, at: now)
            try connection.execute(AutomationRunQueries.update(run))
        }
        if case .done = outcome { posts.outbox.wake.signal() }
    }

    /// Somebody else settles the task; what this attempt would have written is undone.
    private struct LostLease: Error, CustomStringConvertible {
        var description: String { "an automation's task took longer than its lease; another attempt has it now" }
    }

    private func finish(
        _ task: AutomationTask, _ summary: String, _ product: String?, _ objectID: String?, of run: AutomationRun,
        in result: inout ActionResult, on connection: any RelationalConnection
    ) throws {
        (result.status, result.error) = (.done, nil)
        result.summary = [result.summary, summary].compactMap(\.self).joined(separator: " ")
        if let objectID { result.objectID = objectID }
        guard task.kind == .generateContent else { return }
        do {
            let post = try connection.isolated {
                try draft(product ?? "", for: task, run, on: connection)
            }
            result.objectID = post.id.rawValue
        } catch {
            if let database = error as? RelationalError, database.mayPass { throw database }
            result.status = .failed
            result.error = "The caption was generated, but makes no draft: \((error as? APIError)?.message ?? "\(error)")"
        }
    }

    private func draft(
        _ caption: String, for task: AutomationTask, _ run: AutomationRun, on connection: any RelationalConnection
    ) throws -> Post {
        guard let actor = try actor(of: task, on: connection) else { throw APIError(.forbidden, Self.authorLeft) }
        var issues: [FieldIssue] = []
        guard var input = PostInput.read(try open(task)["post"] ?? [:], at: "", issues: &issues) else {
            throw APIError.invalid(issues)
        }
        input.caption = caption
        let newest = try holdFeed(of: run.organizationID, on: connection)
        let post = try posts.create(input, for: actor, on: connection)
        let (depth, now) = (run.depth + 1, ambient.now())
        try connection.execute(AutomationQueries.cause(after: newest, in: run.organizationID, depth: depth, at: now))
        try connection.execute(AutomationQueries.cause(post.id.rawValue, in: run.organizationID, depth: depth, at: now))
        return post
    }

    /// A run is over when nothing of it is at work any more.
    private static func close(_ run: inout AutomationRun, at now: Instant) {
        guard !run.results.contains(where: { $0.status == .pending }) else { return }
        run.finishedAt = now
        guard let failed = run.results.first(where: { $0.status == .failed }) else {
            run.status = .succeeded
            return
        }
        run.status = .failed
        run.code = .actionFailed
        run.reason =
            "actions[\(failed.index)] (\(failed.kind.rawValue)) failed: \(failed.error ?? "") What the other actions did stays."
    }
}
