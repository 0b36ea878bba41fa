package import Core
package import Features
package import Logging
package import Mail
package import Outbound
package import Publishing
import Storage

/// What the server is told, checked and complete.
package struct Settings: Sendable {
    package var host: String
    package var port: Int
    package var dataFolder: String
    package var databasePath: String
    /// What the operator said of ``publicURL``.
    private let statedURL: String?
    /// Nil: read or generated in the data folder.
    package var masterKey: Secret?
    package var outboundCAFile: String?
    package var outboundAllow: String
    package var retrySchedule: String
    package var egressIPs: [String]
    package var egressProxy: EgressProxy?
    package var retention: RetentionLimits
    package var otlpEndpoint: String?
    package var mediaStorage: String?
    package var smtp: SMTPSettings?
    package var mailFrom: MailAddress?
    /// Nil: no webhooks of Meta's.
    package var metaAppSecret: Secret?
    package var metaVerifyToken: Secret?
    /// Where Graph is; only accounts there are told what Meta's webhooks bring.
    package var metaBaseURL: String
    /// Nil: accounts of Meta's platforms are connected by their tokens only.
    package var metaApp: OAuthPlatforms.MetaApp?
    package var ai: AISettings
    package var logLevel: Logger.Level

    /// - Throws: ``SettingError``.
    package init(_ sources: SettingSources) throws(SettingError) {
        host = try sources.value(.host)?.text ?? "127.0.0.1"
        port = try sources.number(.port, 8080, in: 0...65_535)
        dataFolder = try sources.value(.data)?.text ?? "./data"
        databasePath = try Self.databasePath(try sources.value(.databaseURL), in: dataFolder)
        statedURL = try Self.publicURL(try sources.value(.publicURL))
        masterKey = try sources.value(.masterKey).map { (text, origin) throws(SettingError) in
            guard text.utf8.count >= 16 else {
                throw SettingError(
                    "\(origin)=•••: allowed is a secret of at least 16 characters, such as `openssl rand -base64 32`")
            }
            return Secret(text)
        }
        outboundCAFile = try sources.value(.outboundCAFile)?.text
        outboundAllow = try sources.value(.outboundAllow)?.text ?? ""
        retrySchedule = try sources.value(.retrySchedule)?.text ?? SettingKey.retrySchedule.standard ?? ""
        egressIPs = (try sources.value(.egressIPs)?.text ?? "").split(separator: ",").map { String($0).trimmingSpaces }
        egressProxy = try sources.value(.egressProxy).map { (text, origin) throws(SettingError) in
            let exceptions = try sources.value(.egressNoProxy)?.text ?? ""
            do throws(EgressProxy.Issue) {
                return try EgressProxy(text, exceptions: exceptions)
            } catch {
                throw SettingError("\(origin)=•••: \(error.description)")
            }
        }
        retention = RetentionLimits()
        retention.attempts = .seconds(86_400 * (try sources.number(.keepAttempts, 30, in: 1...365)))
        retention.deliveries = .seconds(86_400 * (try sources.number(.keepDeliveries, 90, in: 1...365)))
        retention.held = .seconds(86_400 * (try sources.number(.keepHeld, 7, in: 1...30)))
        guard retention.attempts <= retention.deliveries else {
            throw SettingError("AUDENCI_KEEP_ATTEMPTS_DAYS: allowed is at most AUDENCI_KEEP_DELIVERIES_DAYS")
        }
        otlpEndpoint = try sources.value(.otlpEndpoint).map { (text, origin) throws(SettingError) in
            guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
                throw SettingError("\(origin)=\(text): allowed is an http or https URL such as http://127.0.0.1:4318")
            }
            return text
        }
        mediaStorage = try sources.value(.mediaStorage)?.text
        if let media = mediaStorage, media.hasPrefix("s3:") {
            do throws(S3SettingsIssue) {
                _ = try S3Settings(media)
            } catch {
                throw SettingError("AUDENCI_MEDIA_STORAGE=•••: \(error)")
            }
        }
        smtp = try sources.value(.smtp).map { (text, origin) throws(SettingError) in
            do throws(SMTPSettingsIssue) {
                return try SMTPSettings(url: text)
            } catch {
                throw SettingError("\(origin)=•••: \(error)")
            }
        }
        mailFrom = try sources.value(.mailFrom).map { (text, origin) throws(SettingError) in
            do throws(MailMessageIssue) {
                return try MailAddress(parsing: text)
            } catch {
                throw SettingError("\(origin)=\(text): \(error)")
            }
        }
        if smtp != nil, mailFrom == nil {
            throw SettingError("AUDENCI_MAIL_FROM: allowed is a sender such as audenci@example.com; AUDENCI_SMTP_URL needs it")
        }
        metaAppSecret = try sources.secret(.metaAppSecret)
        metaVerifyToken = try sources.secret(.metaVerifyToken)
        metaBaseURL = try Self.metaBaseURL(sources)
        metaApp = try Self.metaApp(sources, at: metaBaseURL)
        ai = try AISettings(sources)
        logLevel = try sources.word(.logLevel, .info)
    }

    private static func metaBaseURL(_ sources: SettingSources) throws(SettingError) -> String {
        let place = try sources.value(.metaBaseURL)
        let standard = SettingKey.metaBaseURL.standard ?? ""
        guard let baseURL = AccountAddress.normalized(place?.text ?? standard) else {
            throw SettingError("\(place?.origin ?? "")=\(place?.text ?? ""): allowed is an address such as \(standard)")
        }
        return baseURL
    }

    private static func metaApp(
        _ sources: SettingSources, at baseURL: String
    ) throws(SettingError) -> OAuthPlatforms.MetaApp? {
        let id = try sources.value(.metaAppID)?.text
        let secret = try sources.value(.metaAppSecret)?.text
        // The secret alone serves the app's webhooks.
        guard let id else { return nil }
        guard !id.isEmpty, let secret, !secret.isEmpty else {
            throw SettingError("AUDENCI_META_APP_ID=\(id): allowed is an app's id together with AUDENCI_META_APP_SECRET")
        }
        return OAuthPlatforms.MetaApp(clientID: id, clientSecret: Secret(secret), baseURL: baseURL)
    }

    private static func databasePath(_ said: (text: String, origin: String)?, in folder: String) throws(SettingError) -> String
    {
        guard let said else { return folder + "/audenci.sqlite" }
        guard said.text.hasPrefix("sqlite:"), said.text.count > 7 else {
            let scheme = said.text.prefix { $0 != ":" }
            throw SettingError("\(said.origin)=\(scheme):…: allowed is sqlite:/path/to/file in this version")
        }
        return String(said.text.dropFirst(7))
    }

    /// How the outside reaches this server: every link that is given out begins with it. By default where it listens.
    package var publicURL: String { statedURL ?? "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    private static func publicURL(_ said: (text: String, origin: String)?) throws(SettingError) -> String? {
        guard var text = said?.text, let origin = said?.origin else { return nil }
        while text.hasSuffix("/") { text.removeLast() }
        guard text.hasPrefix("https://") || text.hasPrefix("http://") else {
            throw SettingError("\(origin)=\(text): allowed is an http or https URL such as https://app.example.com")
        }
        return text
    }
}

extension SettingSources {
    func number(_ key: SettingKey, _ standard: Int, in range: ClosedRange<Int>) throws(SettingError) -> Int {
        guard let (text, origin) = try value(key) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw SettingError("\(origin)=\(text): allowed is a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// What others prove themselves with. Nothing is no secret: a variable that is there and empty, as a template leaves it
    /// whose value is missing, must not let in everybody who knows that.
    func secret(_ key: SettingKey) throws(SettingError) -> Secret? {
        guard let (text, origin) = try value(key) else { return nil }
        guard !text.allSatisfy(\.isWhitespace) else {
            throw SettingError("\(origin)=•••: allowed is a secret that is not empty; leave it out when there is none")
        }
        return Secret(text)
    }

    func word<Word: RawRepresentable<String> & CaseIterable>(_ key: SettingKey, _ standard: Word) throws(SettingError) -> Word {
        guard let (text, origin) = try value(key) else { return standard }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingError("\(origin)=\(text): allowed are \(words)")
        }
        return word
    }

    /// Every key with its value in force and where it is said; secrets as bullets.
    package func report() throws(SettingError) -> [(key: SettingKey, value: String, origin: String)] {
        var lines: [(key: SettingKey, value: String, origin: String)] = []
        for key in SettingKey.all {
            let said = try value(key)
            let text = said.map { key.isSecret ? "•••" : $0.text } ?? key.standard ?? "(none)"
            lines.append((key, text, said?.origin ?? "default"))
        }
        return lines
    }
}

extension String {
    var trimmingSpaces: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
