import ArgumentParser
import Foundation
import Server

/// The settings as flags; each says its environment variable.
struct SettingOptions: ParsableArguments {
    @Option(help: "A .toml or .yaml file of settings. (default: ./audenci.toml or ./audenci.yaml, when there)")
    var config: String?
    @Option(help: help(.host)) var host: String?
    @Option(help: help(.port)) var port: String?
    @Option(help: help(.data)) var data: String?
    @Option(help: help(.databaseURL)) var databaseUrl: String?
    @Option(help: help(.publicURL)) var publicUrl: String?
    @Option(help: help(.masterKey)) var masterKey: String?
    @Option(help: help(.outboundCAFile)) var outboundCaFile: String?
    @Option(help: help(.outboundAllow)) var outboundAllow: String?
    @Option(help: help(.retrySchedule)) var webhookRetrySchedule: String?
    @Option(help: help(.egressIPs)) var egressIps: String?
    @Option(help: help(.egressProxy)) var egressProxy: String?
    @Option(help: help(.egressNoProxy)) var egressNoProxy: String?
    @Option(help: help(.keepAttempts)) var keepAttemptsDays: String?
    @Option(help: help(.keepDeliveries)) var keepDeliveriesDays: String?
    @Option(help: help(.keepHeld)) var keepHeldDays: String?
    @Option(help: help(.otlpEndpoint)) var otlpEndpoint: String?
    @Option(help: help(.metaAppSecret)) var metaAppSecret: String?
    @Option(help: help(.metaVerifyToken)) var metaVerifyToken: String?
    @Option(help: help(.metaAppID)) var metaAppId: String?
    @Option(help: help(.metaBaseURL)) var metaBaseUrl: String?
    @Option(help: help(.aiProvider)) var aiProvider: String?
    @Option(help: help(.openAIBaseURL)) var openaiBaseUrl: String?
    @Option(help: help(.openAIKey)) var openaiApiKey: String?
    @Option(help: help(.aiTextModel)) var aiTextModel: String?
    @Option(help: help(.aiImageModel)) var aiImageModel: String?
    @Option(help: help(.aiImageBaseURL)) var aiImageBaseUrl: String?
    @Option(help: help(.aiImageKey)) var aiImageApiKey: String?
    @Option(help: help(.logLevel)) var logLevel: String?

    private static func help(_ key: SettingKey) -> ArgumentHelp {
        let standard = key.standard.map { " (default: \($0))" } ?? ""
        return ArgumentHelp("\(key.meaning) [\(key.variable)]\(standard)", valueName: "value")
    }

    func sources() throws -> SettingSources {
        let said: [(SettingKey, String?)] = [
            (.host, host), (.port, port), (.data, data), (.databaseURL, databaseUrl), (.publicURL, publicUrl),
            (.masterKey, masterKey), (.outboundCAFile, outboundCaFile), (.outboundAllow, outboundAllow),
            (.retrySchedule, webhookRetrySchedule), (.egressIPs, egressIps),
            (.egressProxy, egressProxy), (.egressNoProxy, egressNoProxy),
            (.keepAttempts, keepAttemptsDays), (.keepDeliveries, keepDeliveriesDays), (.keepHeld, keepHeldDays),
            (.otlpEndpoint, otlpEndpoint),
            (.metaAppSecret, metaAppSecret), (.metaVerifyToken, metaVerifyToken),
            (.metaAppID, metaAppId), (.metaBaseURL, metaBaseUrl),
            (.aiProvider, aiProvider), (.openAIBaseURL, openaiBaseUrl), (.openAIKey, openaiApiKey),
            (.aiTextModel, aiTextModel), (.aiImageModel, aiImageModel), (.aiImageBaseURL, aiImageBaseUrl),
            (.aiImageKey, aiImageApiKey),
            (.logLevel, logLevel),
        ]
        var flags: [String: String] = [:]
        for (key, value) in said { flags[key.flag] = value }
        return SettingSources(
            flags: flags, environment: ProcessInfo.processInfo.environment, file: try SettingSources.readFile(config))
    }

    func settings() throws -> Settings { try Settings(try sources()) }
}
