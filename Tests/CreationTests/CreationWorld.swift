import Contract
import Core
import Creation
import Features
import Foundation
import Generation
import Logging
import Relational
import SQLiteEngine
import Synchronization
import Testing

/// What jobs need, on a real SQLite file, with a clock that moves only when told.
struct CreationWorld: Sendable {
    let base: SQLiteEngine
    let ambient: Ambient
    let clock: FixedClock
    let vault: MemoryVault
    let organization: NewOrganization
    let caller: Caller
    let credits: CreditStore
    let jobs: JobStore
    let media: MediaStore
    let brands: BrandStore
    let outbox: Outbox
    let setup: OrganizationSetupStore
    let keys: KeyStore

    init(plan: Plan = .starter, at start: Instant = Instant(seconds: 1_770_114_600)) async throws {
        let (ambient, clock) = Ambient.fixed(at: start)
        let path = FileManager.default.temporaryDirectory.path + "/audenci-creation-\(UUID().uuidString)/test.sqlite"
        let engine = try SQLiteEngine(path: path, readers: 2)
        _ = try await Migrator(FeatureList.migrations + FeatureList.laterMigrations).run(on: engine, now: ambient.now)
        try await self.init(base: engine, engine: engine, ambient, clock, MemoryVault(), plan: plan, organization: nil)
    }

    private init(
        base: SQLiteEngine, engine: any RelationalEngine, _ ambient: Ambient, _ clock: FixedClock, _ vault: MemoryVault,
        plan: Plan, organization: NewOrganization?
    ) async throws {
        self.base = base
        self.ambient = ambient
        self.clock = clock
        self.vault = vault
        let organizations = OrganizationStore(engine: engine, ambient: ambient)
        brands = BrandStore(engine: engine, ambient: ambient)
        outbox = Outbox(ambient: ambient)
        credits = CreditStore(engine: engine, ambient: ambient)
        jobs = JobStore(engine: engine, ambient: ambient, credits: credits, brands: brands, outbox: outbox)
        media = MediaStore(
            engine: engine, ambient: ambient, outbox: outbox, organizations: organizations, vault: vault, workshop: vault,
            links: vault)
        keys = KeyStore(engine: engine, ambient: ambient, outbox: outbox)
        setup = OrganizationSetupStore(
            organizations: organizations, members: MemberStore(engine: engine, ambient: ambient), brands: brands,
            accounts: AccountStore(
                engine: engine, ambient: ambient, box: SecretBox(masterKey: Secret("a master key for tests")), outbox: outbox),
            keys: keys, platforms: [])
        if let organization {
            self.organization = organization
        } else {
            self.organization = try await setup.create(
                OrganizationOutline(name: "Acme", plan: plan, brand: "Acme", email: "owner@acme.test"))
        }
        caller = try await keys.authenticate(self.organization.apiKey)
    }

    /// The same world through an engine that fails where the test says.
    func through(_ engine: any RelationalEngine) async throws -> CreationWorld {
        try await CreationWorld(
            base: base, engine: engine, ambient, clock, vault, plan: .starter, organization: organization)
    }

    func work(_ generator: any ImageGenerator = BrandCardImages()) -> ImageWork {
        ImageWork(
            jobs: jobs, generator: generator, media: media, brands: brands, logos: BrandLogos(media: media), outbox: outbox)
    }

    func runner(_ generator: any ImageGenerator = BrandCardImages(), limits: JobRunner.Limits = .init()) -> JobRunner {
        JobRunner(
            jobs: jobs, works: [work(generator)], limits: limits,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Asks for pictures of 64 x 64.
    func order(_ count: Int = 1, for caller: Caller? = nil, brand: BrandID? = nil) async throws -> Job {
        var input = ImageInput()
        input.prompt = "Dawn"
        let (jobs, ambient) = (jobs, ambient)
        let (who, place) = (caller ?? self.caller, brand ?? organization.brandID)
        return try await jobs.engine.write { connection in
            let ids: JSONValue = .array((0..<count).map { _ in .string(ambient.newID(MediaID.self).rawValue) })
            let order: JSONValue = ["prompt": "Dawn", "mediaIds": ids, "width": 64, "height": 64]
            return try jobs.create(
                .images, for: place, input: order, costing: .image, count: count, for: who, on: connection)
        }
    }

    /// Runs a runner while `body` runs.
    func running(_ runner: JobRunner, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runner.run() }
            defer { group.cancelAll() }
            try await body()
        }
    }

    func ended(_ job: Job) async throws -> Job { try await jobs.ended(job, within: .seconds(30), for: caller) }

    func number(_ query: Query) async throws -> Int64 { try await base.read { try $0.first(query) { $0.int(0) } ?? 0 } }

    /// What is wrong with the ledger: the entries must sum up to what the batches say, account by account.
    func ledgerIssues() async throws -> [String] {
        struct Account: Hashable {
            var batch: String
            var name: String
        }
        return try await base.read { connection in
            var sums: [Account: Int64] = [:]
            var issues: [String] = []
            _ = try connection.query("SELECT batch_id, debit, credit, amount FROM credit_entry") { row in
                sums[Account(batch: row.text(0), name: row.text(1)), default: 0] -= row.int(3)
                sums[Account(batch: row.text(0), name: row.text(2)), default: 0] += row.int(3)
            }
            if sums.values.reduce(0, +) != 0 { issues.append("the sum over all accounts is not 0") }
            _ = try connection.query("SELECT id, amount, available, held, spent, expired FROM credit_batch") { row in
                let batch = row.text(0)
                func sum(_ account: String) -> Int64 { sums[Account(batch: batch, name: account)] ?? 0 }
                if let available = row.optionalInt(2), available != sum("AVAILABLE") { issues.append("\(batch): available") }
                if row.int(3) != sum("HELD") { issues.append("\(batch): held") }
                if row.int(4) != sum("SPENT") { issues.append("\(batch): spent") }
                if row.int(5) != sum("EXPIRED") { issues.append("\(batch): expired") }
                if let amount = row.optionalInt(1), amount != -sum("OUTSIDE") { issues.append("\(batch): given") }
            }
            func total(_ query: Query) throws -> Int64 { try connection.first(query) { $0.int(0) } ?? 0 }
            let open = try total("SELECT coalesce(sum(amount), 0) FROM credit_reservation WHERE state = 'RESERVED'")
            if try open != total("SELECT coalesce(sum(held), 0) FROM credit_batch") { issues.append("reservations and held") }
            let charged = try total("SELECT coalesce(sum(charged), 0) FROM credit_reservation")
            if try charged != total("SELECT coalesce(sum(spent), 0) FROM credit_batch") { issues.append("charges and spent") }
            let numbers = try total("SELECT count(*) FROM credit_entry")
            if try numbers != total("SELECT coalesce(sum(last_entry), 0) FROM credit_account") { issues.append("numbers") }
            return issues
        }
    }
}

/// A library in memory. Pictures are taken as they are when they begin like one.
final class MemoryVault: MediaVault, MediaWorkshop, MediaLinks {
    private let objects = Mutex<[String: [UInt8]]>([:])

    var keys: [String] { objects.withLock { $0.keys.sorted() } }
    func put(_ key: String, _ bytes: [UInt8], type: String) async throws { objects.withLock { $0[key] = bytes } }
    func put(_ key: String, file path: String, type: String) async throws {}
    func pieces(of key: String) async throws -> (size: Int, send: ReplyStream)? { nil }
    func get(_ key: String) async throws -> [UInt8]? { objects.withLock { $0[key] } }
    func delete(_ key: String) async throws { _ = objects.withLock { $0.removeValue(forKey: key) } }
    func sniff(_ head: [UInt8]) -> (kind: Media.Kind, type: String)? {
        ImageType(sniffing: head).map { (.image, $0.rawValue) }
    }
    func process(_ bytes: [UInt8]) async throws -> ProcessedPicture {
        let part = ProcessedPicture.Part(title: "original", bytes: bytes, type: "image/png", width: 64, height: 64)
        return ProcessedPicture(original: part, frames: 1, hasAlpha: false, renditions: [])
    }
    /// Every picture is one red pixel.
    func bitmap(_ bytes: [UInt8], within side: Int) async throws -> Bitmap {
        try #require(Bitmap(width: 1, height: 1, pixels: [255, 0, 0, 255]))
    }
    func url(of media: MediaID, in organization: OrganizationID, part: String, filename: String) -> String {
        "/\(media)/\(part)"
    }
}
