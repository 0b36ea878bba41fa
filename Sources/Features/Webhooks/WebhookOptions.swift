import Contract
import Core
package import PayloadFormats

/// What only the sender has to know of a webhook. Stored as JSON.
package struct WebhookOptions: Sendable {
    package enum SignatureFormat: String, Sendable, CaseIterable, APIEnum {
        case hex
        case prefixedHex = "sha256=hex"
        case base64
    }

    package var format = PayloadFormat.audenci
    package var formatOptions = FormatOptions()
    package var payloadVersion = PayloadVersion.seed
    package var signatureFormat = SignatureFormat.hex
    /// Whether `webhook-signature` also carries a `v1a` signature by the server's ed25519 key.
    package var isEd25519Signed = false
    /// Requests in a second; nil: as many as it takes.
    package var ratePerSecond: Double?
    /// Requests at the same time.
    package var concurrency = 8
    /// Statuses after which nothing is tried again, besides 410.
    package var finalStatuses: [Int] = []
    /// At most this many events in one request; 1: no batches.
    package var batchSize = 1

    package init() {}

    init(json: JSONValue) {
        format = json["format"]?.string.flatMap(PayloadFormat.init) ?? .audenci
        formatOptions = json["formatOptions"].flatMap { try? FormatOptions(json: $0) } ?? FormatOptions()
        payloadVersion = json["payloadVersion"]?.string.flatMap(PayloadVersion.init) ?? .seed
        signatureFormat = json["signatureFormat"]?.string.flatMap(SignatureFormat.init) ?? .hex
        isEd25519Signed = json["ed25519"]?.bool ?? false
        ratePerSecond = json["ratePerSecond"]?.double
        concurrency = json["concurrency"]?.int.map(Int.init) ?? 8
        finalStatuses = json["finalStatuses"]?.array?.compactMap { $0.int.map(Int.init) } ?? []
        batchSize = json["batchSize"]?.int.map(Int.init) ?? 1
    }

    /// The stored form: what differs from the defaults.
    var json: JSONValue {
        var members: [JSONValue.Member] = []
        if format != .audenci { members.append(.init("format", .string(format.rawValue))) }
        if formatOptions != FormatOptions() { members.append(.init("formatOptions", formatOptions.json)) }
        if payloadVersion != .seed { members.append(.init("payloadVersion", .string(payloadVersion.rawValue))) }
        if signatureFormat != .hex { members.append(.init("signatureFormat", .string(signatureFormat.rawValue))) }
        if isEd25519Signed { members.append(.init("ed25519", true)) }
        if let ratePerSecond { members.append(.init("ratePerSecond", .double(ratePerSecond))) }
        if concurrency != 8 { members.append(.init("concurrency", .int(Int64(concurrency)))) }
        if !finalStatuses.isEmpty { members.append(.init("finalStatuses", .array(finalStatuses.map { .int(Int64($0)) }))) }
        if batchSize > 1 { members.append(.init("batchSize", .int(Int64(batchSize)))) }
        return .object(members)
    }
}

extension PayloadFormat: APIEnum {}
extension PayloadVersion: APIEnum {}
