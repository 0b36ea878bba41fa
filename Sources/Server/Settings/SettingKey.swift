/// One configuration key: where it can be said, what it means, and what it is when nobody says it. This list is the
/// table in the README, in `serve --help` and in `config show`.
package struct SettingKey: Sendable, Hashable {
    /// `AUDENCI_PORT`: the environment variable. The flag is `--port`, the key in a file `port`.
    package let variable: String
    /// Shown as the default; nil: none.
    package let standard: String?
    package let meaning: String
    package let isSecret: Bool
    /// Names without our prefix under which the environment may say the same, because people know them.
    package let aliases: [String]

    private init(
        _ variable: String, _ standard: String?, _ meaning: String, isSecret: Bool = false, aliases: [String] = []
    ) {
        self.variable = variable
        self.aliases = aliases
        self.standard = standard
        self.meaning = meaning
        self.isSecret = isSecret
    }

    /// `public_url`, as in a configuration file.
    package var fileKey: String { variable.dropFirst("AUDENCI_".count).lowercased() }
    /// `public-url`, as a flag without its dashes.
    package var flag: String { fileKey.replacing("_", with: "-") }

    package static let host = SettingKey("AUDENCI_HOST", "127.0.0.1", "Address to listen on.")
    package static let port = SettingKey("AUDENCI_PORT", "8080", "Port to listen on; 0 chooses a free one.")
    package static let data = SettingKey("AUDENCI_DATA", "./data", "Folder of the SQLite file and the generated master key.")
    package static let databaseURL = SettingKey(
        "AUDENCI_DATABASE_URL", nil, "sqlite:/path/to/file; by default audenci.sqlite in the data folder.", isSecret: true)
    package static let publicURL = SettingKey(
        "AUDENCI_PUBLIC_URL", nil,
        "How the outside reaches this server: links, docUrl, brand cards. From host and port by default.")
    package static let masterKey = SettingKey(
        "AUDENCI_MASTER_KEY", nil,
        "Encrypts webhook secrets and platform tokens at rest; at least 16 characters. Generated into the data folder by default.",
        isSecret: true)
    package static let outboundCAFile = SettingKey(
        "AUDENCI_OUTBOUND_CA_FILE", nil, "Further trust roots for outgoing TLS: a PEM file.")
    package static let outboundAllow = SettingKey(
        "AUDENCI_OUTBOUND_ALLOW", nil,
        "Hosts, host:port or CIDRs that may be reached though they are private; comma separated.")
    package static let retrySchedule = SettingKey(
        "AUDENCI_WEBHOOK_RETRY_SCHEDULE", "5s,30s,2m,10m,30m,1h,3h,6h,12h,24h,24h",
        "Waits between the attempts of a delivery; each webhook may have its own.")
    package static let egressIPs = SettingKey(
        "AUDENCI_EGRESS_IPS", nil, "Addresses that deliveries come from, for receivers who allowlist; comma separated.")
    package static let egressProxy = SettingKey(
        "AUDENCI_EGRESS_PROXY", nil,
        "http://[user:password@]host:port or socks5://...: deliveries and platform requests leave through it.", isSecret: true)
    package static let egressNoProxy = SettingKey(
        "AUDENCI_EGRESS_NO_PROXY", nil, "Hosts, .suffixes and networks that are reached without the proxy; comma separated.")
    package static let keepAttempts = SettingKey(
        "AUDENCI_KEEP_ATTEMPTS_DAYS", "30", "How many days the attempts of deliveries are kept, with their answers: 1 to 365.")
    package static let keepDeliveries = SettingKey(
        "AUDENCI_KEEP_DELIVERIES_DAYS", "90", "How many days deliveries and events are kept, and replays reach back: 1 to 365.")
    package static let keepHeld = SettingKey(
        "AUDENCI_KEEP_HELD_DAYS", "7", "How many days what a disabled webhook missed is held: 1 to 30.")
    package static let otlpEndpoint = SettingKey(
        "AUDENCI_OTLP_ENDPOINT", nil,
        "An OpenTelemetry collector, such as http://127.0.0.1:4318: spans of deliveries go there (OTLP/HTTP, JSON).")
    package static let mediaStorage = SettingKey(
        "AUDENCI_MEDIA_STORAGE", nil,
        "Where media are kept: a folder, or s3://KEY:SECRET@host[:port]/bucket?region=...; media in the data folder by default.",
        isSecret: true)
    package static let smtp = SettingKey(
        "AUDENCI_SMTP_URL", nil,
        "The mail server: smtp://user:password@host:587 or smtps://...; without it no mail is sent and invitations are passed on by hand.",
        isSecret: true)
    package static let mailFrom = SettingKey(
        "AUDENCI_MAIL_FROM", nil, "The sender of mails, such as Audenci <audenci@example.com>; needed with AUDENCI_SMTP_URL.")
    package static let metaAppID = SettingKey(
        "AUDENCI_META_APP_ID", nil, "The app at Meta by which Facebook pages and Instagram profiles are connected.")
    package static let metaAppSecret = SettingKey(
        "AUDENCI_META_APP_SECRET", nil,
        "That app's secret; its webhooks are verified with it. Without it POST /webhooks/meta takes nothing.", isSecret: true)
    package static let metaVerifyToken = SettingKey(
        "AUDENCI_META_VERIFY_TOKEN", nil, "The verify token that you enter with the callback URL of your Meta app's webhooks.",
        isSecret: true)
    package static let metaBaseURL = SettingKey(
        "AUDENCI_META_BASE_URL", "https://graph.facebook.com/v25.0",
        "Where Graph is when accounts are connected by that app: its secret is sent there, and its webhooks speak of accounts there."
    )
    package static let aiProvider = SettingKey(
        "AUDENCI_AI_PROVIDER", nil,
        "offline or openai (whatever speaks its API); openai when a key or a base URL is said, else offline: templates, no AI.")
    package static let openAIBaseURL = SettingKey(
        "AUDENCI_OPENAI_BASE_URL", nil,
        "Where the text model is served, such as http://127.0.0.1:11434/v1; https://api.openai.com/v1 with a key and no URL. Also OPENAI_BASE_URL.",
        aliases: ["OPENAI_BASE_URL"])
    package static let openAIKey = SettingKey(
        "AUDENCI_OPENAI_API_KEY", nil, "The provider's key. Also OPENAI_API_KEY.", isSecret: true, aliases: ["OPENAI_API_KEY"])
    package static let aiTextModel = SettingKey(
        "AUDENCI_AI_TEXT_MODEL", nil, "The model that writes; gpt-4o-mini at OpenAI, needed elsewhere.")
    package static let aiImageModel = SettingKey(
        "AUDENCI_AI_IMAGE_MODEL", nil,
        "The model that makes pictures; gpt-image-1 at OpenAI. None elsewhere: pictures are brand cards.")
    package static let aiImageBaseURL = SettingKey(
        "AUDENCI_AI_IMAGE_BASE_URL", nil, "Where the image model is served, when that is another server.")
    package static let aiImageKey = SettingKey(
        "AUDENCI_AI_IMAGE_API_KEY", nil, "The key of AUDENCI_AI_IMAGE_BASE_URL, which is not sent the other one.",
        isSecret: true)
    package static let logLevel = SettingKey(
        "AUDENCI_LOG_LEVEL", "info", "trace, debug, info, notice, warning, error or critical.")

    package static let all = [
        host, port, data, databaseURL, publicURL, masterKey, outboundCAFile, outboundAllow, retrySchedule, egressIPs,
        egressProxy,
        egressNoProxy, keepAttempts, keepDeliveries, keepHeld, otlpEndpoint, mediaStorage, smtp, mailFrom,
        metaAppID, metaAppSecret, metaVerifyToken, metaBaseURL,
        aiProvider, openAIBaseURL, openAIKey, aiTextModel, aiImageModel, aiImageBaseURL, aiImageKey,
        logLevel,
    ]
}
