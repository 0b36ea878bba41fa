package import Contract
package import Core

/// One thing that an automation does.
package struct AutomationAction: Sendable {
    package enum Kind: String, Sendable, CaseIterable, APIEnum {
        case createDraftPost = "create_draft_post"
        case schedulePost = "schedule_post"
        case addToCampaign = "add_to_campaign"
        case addTags = "add_tags"
        case updatePostStatus = "update_post_status"
        case sendEmail = "send_email"
        case sendNotification = "send_notification"
        case webhookCall = "webhook_call"
        case generateContent = "generate_content"
        case generateImage = "generate_image"

        /// True for what a generator makes, not the database.
        package var needsGenerator: Bool { self == .generateContent || self == .generateImage }
    }

    /// What it is to do, in full.
    package enum Step: Sendable {
        case createDraftPost(DraftAction)
        case schedulePost(ScheduleAction)
        case addToCampaign(CampaignAction)
        case addTags(TagsAction)
        case updatePostStatus(StatusAction)
        case sendEmail(EmailAction)
        case sendNotification(NotificationAction)
        case webhookCall(CallAction)
        case generateContent(ContentAction)
        case generateImage(ImageAction)
    }

    package var kind: Kind
    package var step: Step
    /// As it was written, without what is secret.
    package var json: JSONValue
}

extension AutomationAction: WritableValue {
    package static var schema: JSONValue { ["$ref": "#/components/schemas/AutomationAction"] }

    package static func collect(into schemas: inout SchemaCollection) {
        guard schemas.begin("AutomationAction") else { return }
        for kind in Kind.allCases { collect(kind.form, into: &schemas) }
        schemas.add(
            "AutomationAction",
            [
                "description": "What is done; `type` says which. A secret is shown by its last characters only.",
                "oneOf": .array(Kind.allCases.map { ["$ref": .string("#/components/schemas/\($0.form.name)")] }),
            ])
    }

    private static func collect<Form: ActionForm>(_: Form.Type, into schemas: inout SchemaCollection) {
        for field in Form.fields { field.collect(&schemas) }
        let type = JSONValue.Member("type", ["type": "string", "const": .string(Form.kind.rawValue)])
        schemas.add(
            Form.name,
            [
                "type": "object",
                "properties": .object([type] + Form.fields.map { .init($0.name, $0.schema) }),
                "required": .array(["type"] + Form.fields.filter(\.isRequired).map { .string($0.name) }),
                "additionalProperties": false,
            ])
    }

    package func write(to writer: inout JSONWriter) {
        var members = json.object ?? []
        if case .webhookCall(let call) = step, let secret = call.secret {
            members.append(.init("secret", .string(Webhook.masked(secret))))
        }
        JSONValue.object(members).write(to: &writer)
    }
}

/// The fields of one kind of action.
protocol ActionForm: APIInput {
    static var kind: AutomationAction.Kind { get }
    var step: AutomationAction.Step { get }
    /// What contradicts itself, at `path`.
    func issues(at path: String) -> [FieldIssue]
}

extension ActionForm {
    func issues(at path: String) -> [FieldIssue] { [] }
}

extension AutomationAction.Kind {
    var form: any ActionForm.Type {
        switch self {
        case .createDraftPost: DraftAction.self
        case .schedulePost: ScheduleAction.self
        case .addToCampaign: CampaignAction.self
        case .addTags: TagsAction.self
        case .updatePostStatus: StatusAction.self
        case .sendEmail: EmailAction.self
        case .sendNotification: NotificationAction.self
        case .webhookCall: CallAction.self
        case .generateContent: ContentAction.self
        case .generateImage: ImageAction.self
        }
    }
}

/// An action, as a request writes it: `type` says which fields there are.
extension AutomationAction: ReadableValue {
    package static func read(_ json: JSONValue, at path: String, issues: inout [FieldIssue]) -> Self? {
        guard let members = json.object else {
            issues.append(FieldIssue(path, "must be an object with a type, not \(json.typeName)"))
            return nil
        }
        guard let kind = (json["type"]?.string).flatMap(Kind.init(rawValue:)) else {
            issues.append(FieldIssue("\(path).type", "must be one of \(Kind.words)"))
            return nil
        }
        let fields = JSONValue.object(members.filter { $0.key != "type" })
        let before = issues.count
        func read<Form: ActionForm>(_: Form.Type) -> Step? {
            guard let form = Form.read(fields, at: path, issues: &issues) else { return nil }
            issues += form.issues(at: path)
            return form.step
        }
        guard let step = read(kind.form), issues.count == before else { return nil }
        return Self(kind: kind, step: step, json: .object(members.filter { $0.key != "secret" }))
    }
}
