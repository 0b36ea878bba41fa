import Core

/// A plan as a model sees it: question, schema, and the way back with every check.
///
/// Models get short names for ids, and days and hours of the brand's zone instead of instants: they are bad at copying
/// ids and worse at time zones. Days and hours are closed lists, so that servers that follow the schema cannot err there.
struct PlanForm: Sendable {
    private let request: PlanRequest
    private let clock: LocalClock
    private let check: PlanCheck
    private let pillars: [String: String]
    private let categories: [String: String]

    init(_ request: PlanRequest) throws(GenerationIssue) {
        let issues = request.issues
        guard issues.isEmpty, let clock = LocalClock(request.timeZone), let check = PlanCheck(request) else {
            throw .invalidRequest(issues)
        }
        self.request = request
        self.clock = clock
        self.check = check
        pillars = Self.aliases("pillar", request.pillars.map(\.id))
        categories = Self.aliases("category", request.categories.map(\.id))
    }

    /// By id, `pillar-1` and so on.
    private static func aliases(_ word: String, _ ids: [String]) -> [String: String] {
        Dictionary(ids.enumerated().map { ($1, "\(word)-\($0 + 1)") }, uniquingKeysWith: { first, _ in first })
    }

    func question(draft: [PlanItem]) -> ModelQuestion {
        let task = """
            Task: a content plan. "draft" is a schedule that meets every count, share and time; keep its rows unless a goal \
            is served better, and write topic, caption and rationale of each post anew.
            """
        let data = description + [.init("draft", .array(draft.map(row)))]
        return ModelQuestion(
            "content_plan", system: Instructions.common + "\n" + task, data: .object(data),
            schema: Instructions.object([
                .init("items", Instructions.list(of: itemSchema, request.totalPosts...request.totalPosts))
            ]))
    }

    func question(revising items: [PlanItem], as instruction: String) -> ModelQuestion {
        let task = """
            Task: change "plan" as "instruction" says, and nothing else; answer with the whole plan. "applied" lists in \
            sentences what you changed, "notUnderstood" the parts of the instruction that you did not follow.
            """
        let data =
            description + [.init("plan", .array(items.map(row))), .init("instruction", .string(instruction))]
        let texts = Instructions.list(of: ["type": "string"], 0...20)
        return ModelQuestion(
            "revised_plan", system: Instructions.common + "\n" + task, data: .object(data),
            schema: Instructions.object([
                .init("items", Instructions.list(of: itemSchema, Self.counts(revising: items))),
                .init("applied", texts), .init("notUnderstood", texts),
            ]))
    }

    /// How many posts a change may leave: twice as many and ten more. A small model that a schema allows a thousand adds posts
    /// until its time is up (seen with SmolLM2 in llama.cpp), and nobody asks for that in a sentence.
    private static func counts(revising items: [PlanItem]) -> ClosedRange<Int> {
        let largest = PlanRequest.postCount.upperBound
        return 1...min(largest, 2 * min(items.count, largest) + 10)
    }

    /// The posts of an answer, in order of time.
    /// - Parameter plan: what was to be changed, where the instruction may change counts and shares too; else nil.
    func items(from answer: JSONValue, revising plan: [PlanItem]? = nil) -> ModelReading<[PlanItem]> {
        guard let rows = answer["items"]?.array else { return .wrong(["There is no list \"items\"."]) }
        if let plan {
            let counts = Self.counts(revising: plan)
            guard counts.contains(rows.count) else {
                let allowed = "a change of \(plan.count) may make 1 to \(counts.upperBound)."
                return .wrong(["There are \(rows.count) posts; \(allowed)"])
            }
        }
        guard rows.count <= PlanRequest.postCount.upperBound else { return .wrong(["There are \(rows.count) posts."]) }
        var items: [PlanItem] = []
        var issues: [String] = []
        for (index, row) in rows.enumerated() {
            switch item(row, name: "Post \(index + 1)") {
            case .fits(let item): items.append(item)
            case .wrong(let found): issues += found
            }
        }
        guard issues.isEmpty else { return .wrong(issues) }
        let untouched = restore(plan ?? [], in: &items)
        items.sort { $0.scheduledFor < $1.scheduledFor }
        issues = check.issues(of: items, checksTotals: plan == nil, except: untouched)
        return issues.isEmpty ? .fits(items) : .wrong(issues)
    }

    /// Puts posts that came back as they were sent in place of their copies: a row has no rationale, no seconds and no label that
    /// is gone, so a copy differs from what nobody wanted changed.
    /// - Returns: those posts.
    private func restore(_ plan: [PlanItem], in items: inout [PlanItem]) -> Set<PlanItem> {
        func key(_ item: PlanItem) -> String {
            var item = item
            item.topic = Instructions.cleaned(item.topic)
            item.caption = Instructions.cleaned(item.caption)
            return row(item).text
        }
        var sent: [String: [PlanItem]] = [:]
        for item in plan.reversed() { sent[key(item), default: []].append(item) }
        var untouched: Set<PlanItem> = []
        for index in items.indices {
            guard let item = sent[key(items[index])]?.popLast() else { continue }
            items[index] = item
            untouched.insert(item)
        }
        return untouched
    }

    private func item(_ row: JSONValue, name: String) -> ModelReading<PlanItem> {
        var issues: [String] = []
        func text(_ key: String) -> String {
            guard let text = row[key]?.string else {
                issues.append("\(name) has no text \"\(key)\".")
                return ""
            }
            return Instructions.cleaned(text)
        }
        func id(_ key: String, _ aliases: [String: String]) -> String? {
            guard !aliases.isEmpty else { return nil }
            let found = row[key]?.string.flatMap { alias in aliases.first { $0.value == alias }?.key }
            if found == nil { issues.append("\(name) has no known \"\(key)\".") }
            return found
        }
        let names = row["platforms"]?.array ?? []
        let platforms = names.compactMap { $0.string.flatMap(Platform.init(name:)) }
        if platforms.count != names.count { issues.append("\(name) has an unknown platform.") }
        let type = row["contentType"]?.string.flatMap(ContentType.init(rawValue:))
        if type == nil { issues.append("\(name) has an unknown \"contentType\".") }
        let instant = instant(row)
        if instant == nil { issues.append("\(name) has no day, hour and minute that exist in \(request.timeZone).") }
        let (topic, caption, rationale) = (text("topic"), text("caption"), text("rationale"))
        let (pillar, category) = (id("pillar", pillars), id("category", categories))
        guard issues.isEmpty, let type, let instant else { return .wrong(issues) }
        return .fits(
            PlanItem(
                topic: topic, caption: caption, platforms: platforms, scheduledFor: instant, contentType: type,
                categoryID: category, pillarID: pillar, rationale: rationale))
    }

    private func instant(_ row: JSONValue) -> Instant? {
        guard let day = row["date"]?.string.flatMap({ CalendarDay($0) }), let hour = row["hour"]?.int, (0...23).contains(hour),
            let minute = row["minute"]?.int, (0...59).contains(minute)
        else { return nil }
        return clock.instant(day, minuteOfDay: Int(hour * 60 + minute))
    }

    private func row(_ item: PlanItem) -> JSONValue {
        let (day, minute) = clock.local(item.scheduledFor)
        var members: [JSONValue.Member] = [
            .init("date", .string(day.description)), .init("hour", .int(Int64(minute / 60))),
            .init("minute", .int(Int64(minute % 60))), .init("platforms", .array(item.platforms.map { .string($0.rawValue) })),
            .init("contentType", .string(item.contentType.rawValue)),
        ]
        if let alias = item.pillarID.flatMap({ pillars[$0] }) { members.append(.init("pillar", .string(alias))) }
        if let alias = item.categoryID.flatMap({ categories[$0] }) { members.append(.init("category", .string(alias))) }
        members += [.init("topic", .string(item.topic)), .init("caption", .string(item.caption))]
        return .object(members)
    }

    private var description: [JSONValue.Member] {
        func counts(_ pairs: [(String, Int)]) -> JSONValue {
            .object(pairs.map { .init($0.0, .int(Int64($0.1))) })
        }
        return [
            .init("brand", Instructions.describe(request.brand)),
            .init("from", .string(request.from.description)), .init("to", .string(request.to.description)),
            .init("timeZone", .string(request.timeZone)), .init("totalPosts", .int(Int64(request.totalPosts))),
            .init("platforms", Instructions.describe(request.platforms, request.limits(of:))),
            .init("goals", .array(request.goals.prefix(20).map { .string(String($0.prefix(500))) })),
            .init(
                "pillars",
                .array(
                    request.pillars.map {
                        [
                            "pillar": .string(pillars[$0.id] ?? ""), "name": .string($0.name),
                            "sharePercent": .double($0.targetPercentage),
                        ]
                    })),
            .init(
                "categories",
                .array(request.categories.map { ["category": .string(categories[$0.id] ?? ""), "name": .string($0.name)] })),
            .init(
                "postsByType",
                counts(ContentType.allCases.compactMap { type in request.typeCounts[type].map { (type.rawValue, $0) } })),
            .init(
                "postsByPlatform",
                counts(
                    request.platforms.compactMap { platform in request.platformCounts[platform].map { (platform.rawValue, $0) }
                    })
            ),
        ]
    }

    private var itemSchema: JSONValue {
        let days = (0..<request.dayCount).map { request.from.advanced(by: $0).description }
        var properties: [JSONValue.Member] = [
            .init("date", Instructions.choice(days)),
            .init("hour", ["type": "integer", "minimum": 0, "maximum": 23]),
            .init("minute", ["type": "integer", "minimum": 0, "maximum": 59]),
            .init(
                "platforms",
                Instructions.list(
                    of: Instructions.choice(request.platforms.map(\.rawValue)), 1...max(1, request.platforms.count))),
            .init("contentType", Instructions.choice(ContentType.allCases.map(\.rawValue))),
        ]
        if !pillars.isEmpty { properties.append(.init("pillar", Instructions.choice(pillars.values.sorted()))) }
        if !categories.isEmpty { properties.append(.init("category", Instructions.choice(categories.values.sorted()))) }
        for key in ["topic", "caption", "rationale"] { properties.append(.init(key, ["type": "string"])) }
        return Instructions.object(properties)
    }
}
