import Core
import Features
import Platforms

/// One renewal, from the lease on it to what is recorded of it.
struct TokenRenewal: Sendable {
    let accounts: AccountStore
    let authorizer: OAuthPlatforms
    let pause: @Sendable (Duration) async throws -> Void

    /// Longer than everything that a connector may ask for a renewal, at 15 s a request.
    private static let lease = Duration.seconds(90)
    private static let glance = Duration.milliseconds(200)

    func run(_ credential: AccountCredential) async throws -> TokenKeeper.Renewal {
        var waited = Duration.zero
        while waited <= Self.lease {
            switch try await accounts.beginRenewal(of: credential, lease: Self.lease) {
            case .begun: return try await perform(credential)
            case .done(let newer): return .renewed(newer)
            case .gone: return .refused
            // Another process is at it: its outcome is in the database as soon as there is one.
            case .busy: try await pause(Self.glance)
            }
            waited += Self.glance
        }
        return .notNow(
            OAuthFailure(.unreachable, code: "renewal_busy", message: "The token is being renewed; try again in a minute."))
    }

    private func perform(_ credential: AccountCredential) async throws -> TokenKeeper.Renewal {
        switch try await authorizer.renew(credential) {
        case .granted(let tokens):
            guard let kept = try await keep(tokens, of: credential) else { return .refused }
            return .renewed(kept)
        case .failed(let failure):
            let problem = AccountProblem(code: failure.code, message: failure.message)
            switch failure.kind {
            case .appRefused where credential.life.isOver(at: accounts.ambient.now()):
                try await accounts.refuse(credential, because: problem)
                return .refused
            case .unreachable, .appRefused:
                try await accounts.postponeRenewal(of: credential, by: credential.life.retryDelay, because: problem)
                return .notNow(failure)
            case .refused, .nothingGranted:
                // A token without an end goes on until the platform says otherwise.
                if credential.tokens.expiresAt == nil, let kept = try await accounts.giveUpRenewal(of: credential) {
                    return .renewed(kept)
                }
                try await accounts.refuse(credential, because: problem)
                return .refused
            }
        }
    }

    /// The old refresh token may be used up: a database that is busy for a moment must not lose the new one.
    private func keep(_ tokens: AccountTokens, of credential: AccountCredential) async throws -> AccountCredential? {
        let pauses: [Duration] = [.milliseconds(100), .seconds(1), .seconds(5)]
        for length in pauses {
            do {
                return try await accounts.finishRenewal(of: credential, with: tokens)
            } catch {
                try await pause(length)
            }
        }
        return try await accounts.finishRenewal(of: credential, with: tokens)
    }
}
