import Contract
import Core
import Delivery
import Features
import Foundation
import Generation
import HTTPServer
import Logging
import Mail
import Metering
import Outbound
import Platforms
import Publishing
import Relational
import ServiceLifecycle
import Storage

/// Every service, built once, in the order in which they need each other.
struct World: Sendable {
    let store: OpenedStore
    let settings: Settings
    let ambient: Ambient
    let logger: Logger

    let organizations: OrganizationStore
    let members: MemberStore
    let mails: MailStore
    let invites: InviteStore
    let brands: BrandStore
    let keys: KeyStore
    let accounts: AccountStore
    let authorizer: OAuthPlatforms
    let tokens: TokenKeeper
    let media: MediaStore
    let logos: BrandLogos
    let mediaFolders: MediaFolderStore
    let mediaUploads: MediaUploadStore
    let mediaLinks: SignedMediaLinks
    /// Nil: no mail server.
    let mailer: SMTPMailer?
    let posts: PostStore
    let queues: QueueStore
    let plans: ContentPlanStore
    let exports: DataExportStore
    let erasures: ErasureStore
    let campaigns: CampaignStore
    let reviewLinks: ReviewLinkStore
    let categories: ContentLabelStore<CategoryLabel>
    let pillars: ContentLabelStore<PillarLabel>
    let tags: ContentLabelStore<TagLabel>
    let sandbox: SandboxStore
    let inbox: InboxStore
    let insights: InsightStore
    let analytics: AnalyticsStore
    let setup: OrganizationSetupStore
    let outbox: Outbox
    let credits: CreditStore
    let jobs: JobStore
    let ai: AIServices
    let limiter: RateLimiter
    let ledger: RepeatLedger
    let audit: AuditStore
    let webhooks: WebhookStore
    let deliveries: DeliveryStore
    let attempts: AttemptMaker
    let events: EventStore
    let replays: ReplayStore
    let bins: BinStore
    let retention: RetentionStore
    let signer: AsymmetricSigner
    /// Nil: spans go nowhere.
    let traces: TraceBuffer?

    let webhookClient: GuardedClient
    let platformClient: GuardedClient
    let platforms: ConnectorPlatforms
    let cards: CardLink

    init(store: OpenedStore, settings: Settings, logger: Logger = Logger(label: "audenci") { _ in SwiftLogNoOpLogHandler() })
        throws
    {
        self.store = store
        self.settings = settings
        self.logger = logger
        ambient = store.ambient
        let box = SecretBox(masterKey: store.masterKey)
        ledger = RepeatLedger(engine: store.engine, box: box, ambient: ambient)
        let engine = LedgeredEngine(over: store.engine, ledger: ledger, audit: AuditTrail(ambient: ambient))
        audit = AuditStore(engine: engine)
        let publicURL = settings.publicURL

        let allow: OutboundAllowList
        do throws(OutboundAllowList.Issue) {
            allow = try OutboundAllowList(settings.outboundAllow)
        } catch {
            throw SettingError("\(error)")
        }
        let own = settings.port == 0 ? [] : try OwnAddresses.listening(on: settings.host, port: settings.port)
        webhookClient = try GuardedClient(
            policy: AddressPolicy(allow: allow, deny: own), trust: settings.outboundCAFile, proxy: settings.egressProxy)
        platformClient = try GuardedClient(
            policy: AddressPolicy(allow: allow, deny: own, allowsPlainHTTP: true), trust: settings.outboundCAFile,
            proxy: settings.egressProxy)

        organizations = OrganizationStore(engine: engine, ambient: ambient)
        members = MemberStore(engine: engine, ambient: ambient)
        brands = BrandStore(engine: engine, ambient: ambient)
        outbox = Outbox(ambient: ambient)
        credits = CreditStore(engine: engine, ambient: ambient)
        jobs = JobStore(engine: engine, ambient: ambient, credits: credits, brands: brands, outbox: outbox)
        ai = try AIServices(settings)
        keys = KeyStore(engine: engine, ambient: ambient, outbox: outbox)
        mails = MailStore(engine: engine, ambient: ambient, box: box)
        invites = InviteStore(
            engine: engine, ambient: ambient, members: members, keys: keys, mails: mails, publicURL: publicURL)
        accounts = AccountStore(engine: engine, ambient: ambient, box: box, outbox: outbox)
        sandbox = SandboxStore(engine: engine, ambient: ambient)
        insights = InsightStore(engine: engine, ambient: ambient, outbox: outbox, accounts: accounts)
        analytics = AnalyticsStore(engine: engine, ambient: ambient, organizations: organizations)
        events = EventStore(engine: engine, outbox: outbox)
        limiter = RateLimiter(engine: store.engine, ambient: ambient)
        webhooks = WebhookStore(engine: engine, ambient: ambient, box: box, heldFor: settings.retention.held)
        deliveries = DeliveryStore(engine: engine, ambient: ambient, webhooks: webhooks, outbox: outbox)
        let schedule: RetrySchedule
        do throws(ScheduleIssue) {
            schedule = try RetrySchedule(settings.retrySchedule)
        } catch {
            throw SettingError("AUDENCI_WEBHOOK_RETRY_SCHEDULE=\(settings.retrySchedule): \(error)")
        }
        retention = RetentionStore(engine: engine, ambient: ambient, limits: settings.retention)
        replays = ReplayStore(
            engine: engine, ambient: ambient, webhooks: webhooks, outbox: outbox, retention: settings.retention.deliveries)
        bins = BinStore(engine: engine, ambient: ambient, publicURL: publicURL)
        signer = try AsymmetricSigner(masterKey: store.masterKey)
        traces = settings.otlpEndpoint.map { _ in TraceBuffer() }
        attempts = AttemptMaker(
            deliveries: deliveries, client: BinTransport(bins: bins, next: webhookClient), schedule: schedule,
            sender: .init(userAgent: "Audenci-Webhooks/\(Version.text)", signer: signer, isTraced: traces != nil),
            publicURL: publicURL, metrics: DeliveryMetrics(), traces: traces)
        cards = CardLink(masterKey: store.masterKey, publicURL: publicURL)
        let sessions = PlatformSessions(client: platformClient, sandbox: sandbox, ambient: ambient)
        platforms = ConnectorPlatforms(sessions: sessions)
        authorizer = OAuthPlatforms(
            apps: OAuthAppStore(engine: store.engine, ambient: ambient, box: box), client: platformClient,
            meta: settings.metaApp, publicURL: publicURL, ambient: ambient)
        tokens = TokenKeeper(accounts: accounts, authorizer: authorizer, sessions: sessions, logger: logger)
        inbox = InboxStore(
            engine: engine, ambient: ambient, outbox: outbox, accounts: accounts, members: members,
            organizations: organizations,
            platforms: ConnectorInbox(tokens: tokens, sessions: sessions, graphURL: settings.metaBaseURL))
        mediaLinks = SignedMediaLinks(masterKey: store.masterKey, publicURL: publicURL)
        media = MediaStore(
            engine: engine, ambient: ambient, outbox: outbox, organizations: organizations,
            vault: StoredMediaVault { try Self.storage(settings) }, workshop: ImagingWorkshop(), links: mediaLinks)
        logos = BrandLogos(media: media)
        mediaFolders = MediaFolderStore(engine: engine, ambient: ambient)
        mediaUploads = MediaUploadStore(
            engine: engine, ambient: ambient, media: media, folder: LocalUploadFolder(folder: settings.dataFolder + "/uploads"))
        exports = DataExportStore(
            engine: engine, ambient: ambient, members: members, vault: media.vault,
            folder: LocalExportFolder(folder: settings.dataFolder + "/exports"))
        erasures = ErasureStore(
            engine: engine, ambient: ambient, vault: media.vault,
            uploads: LocalUploadFolder(folder: settings.dataFolder + "/uploads"))
        mailer = try Self.mailer(settings)
        queues = QueueStore(engine: engine, ambient: ambient, brands: brands, organizations: organizations)
        posts = PostStore(
            engine: engine, ambient: ambient, outbox: outbox, publications: PublicationStore(engine: engine, ambient: ambient),
            scheduleWake: WakeSignal(), brands: brands, accounts: accounts, organizations: organizations, queues: queues,
            library: media,
            rules: PostRules(platforms: platforms))
        plans = ContentPlanStore(
            engine: engine, ambient: ambient, outbox: outbox, brands: brands, accounts: accounts, organizations: organizations,
            posts: posts, analytics: analytics, generator: GeneratedPlans(ai.generator), credits: credits)
        campaigns = CampaignStore(engine: engine, ambient: ambient, outbox: outbox, brands: brands, posts: posts)
        reviewLinks = ReviewLinkStore(posts: posts, masterKey: store.masterKey, publicURL: publicURL)
        categories = ContentLabelStore(engine: engine, ambient: ambient)
        pillars = ContentLabelStore(engine: engine, ambient: ambient)
        tags = ContentLabelStore(engine: engine, ambient: ambient)
        setup = OrganizationSetupStore(
            organizations: organizations, members: members, brands: brands, accounts: accounts, keys: keys,
            platforms: ConnectorPlatforms.all)
    }

    private static func storage(_ settings: Settings) throws -> any ObjectStorage {
        guard let place = settings.mediaStorage, place.hasPrefix("s3:") else {
            return try DiskStorage(folder: settings.mediaStorage ?? settings.dataFolder + "/media")
        }
        let bucket = try S3Settings(place)
        return S3Storage(bucket, client: try GuardedClient(policy: bucket.policy, trust: settings.outboundCAFile))
    }

    private static func mailer(_ settings: Settings) throws -> SMTPMailer? {
        guard let smtp = settings.smtp, let from = settings.mailFrom else { return nil }
        let authorities = try settings.outboundCAFile.map { try String(contentsOfFile: $0, encoding: .utf8) }
        return SMTPMailer(transport: try SMTPTransport(smtp, authorities: authorities), from: from)
    }

    var webhookTester: LiveWebhookTester {
        LiveWebhookTester(deliveries: deliveries, webhooks: webhooks, maker: attempts)
    }

    private var webhooksAPI: WebhooksAPI {
        let urls = BinURLCheck(publicURL: bins.publicURL, next: GuardedURLCheck(client: webhookClient))
        return WebhooksAPI(
            webhooks: webhooks, deliveries: deliveries, feed: events, urls: urls, tester: webhookTester,
            events: FeatureList.events)
    }

    var dispatcher: Dispatcher {
        Dispatcher(deliveries: deliveries, webhooks: webhooks, maker: attempts, wake: outbox.wake, logger: logger)
    }

    /// Sends spans to the operator's collector; nil when there is none.
    /// - Throws: ``SettingError`` when its URL cannot be used.
    func traceExporter() throws -> TraceExporter? {
        guard let traces, let endpoint = settings.otlpEndpoint else { return nil }
        do {
            let client = try DeveloperClient.make(["AUDENCI_OTLP_ENDPOINT": endpoint])
            return TraceExporter(buffer: traces, client: client, endpoint: endpoint, version: Version.text)
        } catch let error as ListenError {
            throw SettingError(error.description)
        }
    }

    var claims: PublicationClaims { PublicationClaims(posts: posts) }

    var publisher: Publisher {
        Publisher(
            recorder: PublicationRecorder(posts: posts, accounts: accounts), tokens: tokens,
            sessions: PlatformSessions(client: platformClient, sandbox: sandbox, ambient: ambient),
            requests: PublishRequests(client: platformClient, cards: cards, media: media), logger: logger)
    }

    var cardRoute: PlainRoute {
        let cards = CardRoute(posts: posts, brands: brands, logos: logos, link: cards)
        return PlainRoute("GET", "/cards/{organization}/{publication}/{file}") { request in
            func part(_ name: String) -> String { request.pathParameters.first { $0.name == name }?.value ?? "" }
            return try await cards.respond(
                organization: part("organization"), publication: part("publication"), file: part("file"))
        }
    }

    /// Gives back what is reserved and closes the database; the last thing that a server does.
    func close() async {
        do {
            try await limiter.close()
        } catch {
            logger.warning("unused requests of this hour could not be given back", metadata: ["error": "\(error)"])
        }
        await store.close()
    }

    func deliveryMetricsText() async -> String {
        var text = attempts.metrics.prometheusText
        text += "# HELP audenci_webhook_queue_depth Deliveries with open work.\n# TYPE audenci_webhook_queue_depth gauge\n"
        for (state, count) in (try? await deliveries.queueDepth()) ?? [] {
            text += "audenci_webhook_queue_depth{state=\"\(state.rawValue)\"} \(count)\n"
        }
        let due = (try? await deliveries.openWork())?.map(\.due).min()
        let age = due.map { max((ambient.now() - $0).inSeconds, 0) } ?? 0
        text += """
            # HELP audenci_webhook_oldest_due_seconds How long the oldest open delivery has been due.
            # TYPE audenci_webhook_oldest_due_seconds gauge
            audenci_webhook_oldest_due_seconds \(age)

            """
        return text
    }

    /// A world without a database, for what the endpoints say of themselves.
    static func describing() throws -> World {
        let settings = try Settings(SettingSources())
        return try World(store: OpenedStore(describing: settings), settings: settings)
    }

    /// Every endpoint of the API, in the order of the document.
    var endpoints: [Endpoint] { declaredEndpoints.withPatches }

    private var postsAPI: PostsAPI {
        PostsAPI(
            posts: posts, links: reviewLinks,
            relations: PostRelations(
                brands: brands, campaigns: campaigns, categories: categories, pillars: pillars, accounts: accounts,
                media: media,
                publications: posts.publications))
    }

    private var mediaAPI: MediaAPI {
        MediaAPI(
            media: media, folders: mediaFolders, uploads: mediaUploads, fetcher: GuardedMediaFetcher(client: webhookClient))
    }

    private var declaredEndpoints: [Endpoint] {
        let groups: [[Endpoint]] = [
            postsAPI.endpoints, mediaAPI.endpoints,
            CampaignsAPI(campaigns: campaigns).endpoints, QueuesAPI(queues: queues).endpoints,
            ContentPlansAPI(plans: plans).endpoints,
            ContentLabelsAPI(labels: categories).endpoints, ContentLabelsAPI(labels: pillars).endpoints,
            ContentLabelsAPI(labels: tags).endpoints,
            AccountsAPI(accounts: accounts, brands: brands, organizations: organizations, verifier: platforms).endpoints,
            connectionsAPI.endpoints,
            OrganizationsAPI(
                organizations: organizations, keys: keys,
                meta: Meta(version: Version.text, egressIPs: settings.egressIPs, platforms: ConnectorPlatforms.all)
            ).endpoints,
            BrandsAPI(brands: brands, removal: BrandRemovalStore(posts: posts)).endpoints,
            PrivacyAPI(exports: exports, erasures: erasures, members: members).endpoints, KeysAPI(keys: keys).endpoints,
            MembersAPI(members: members, invites: invites).endpoints, webhooksAPI.endpoints,
            ReplaysAPI(replays: replays).endpoints,
            EventsAPI(
                store: events, events: FeatureList.events, isStopping: { Task.isShuttingDownGracefully }, isValid: keys.isValid
            ).endpoints,
            HooksAPI(webhooks: webhooksAPI).endpoints, BinsAPI(bins: bins).endpoints, AuditAPI(audit: audit).endpoints,
            SandboxAPI(sandbox: sandbox, accounts: accounts, inbox: inbox, insights: insights).endpoints,
            InboxAPI(inbox: inbox).endpoints,
            AnalyticsAPI(analytics: analytics, insights: insights, exports: ExportStore(engine: analytics.engine)).endpoints,
            aiEndpoints,
            automationEndpoints,
        ]
        return groups.flatMap(\.self)
    }
}
