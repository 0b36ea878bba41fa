/// When a delivery is tried again: by a preset, or after waits of your own.
public struct WebhookRetry: Codable, Hashable, Sendable {
    /// `fast`, `default`, `patient` or `none`.
    public var preset: String?
    /// Waits such as `30s`, `2m`, `1h`.
    public var schedule: [String]?

    public init(preset: String? = nil, schedule: [String]? = nil) {
        self.preset = preset
        self.schedule = schedule
    }
}

/// Several events in one request.
public struct WebhookBatch: Codable, Hashable, Sendable {
    public var seconds: Int
    public var maximumEvents: Int?

    public init(seconds: Int, maximumEvents: Int? = nil) {
        self.seconds = seconds
        self.maximumEvents = maximumEvents
    }
}

/// How the server proves itself to the receiver, besides the signature.
public struct WebhookAuthentication: Codable, Hashable, Sendable {
    /// `basic`, `bearer`, `oauth2` or `certificate`.
    public var type: String?
    public var username: String?
    public var password: String?
    public var token: String?
    public var tokenUrl: String?
    public var clientId: String?
    public var clientSecret: String?
    public var scope: String?
    public var audience: String?
    public var certificate: String?
    public var privateKey: String?

    public init(type: String) { self.type = type }

    /// `Authorization: Basic`.
    public static func basic(username: String, password: String) -> Self {
        var own = Self(type: "basic")
        own.username = username
        own.password = password
        return own
    }

    /// `Authorization: Bearer`.
    public static func bearer(_ token: String) -> Self {
        var own = Self(type: "bearer")
        own.token = token
        return own
    }
}
