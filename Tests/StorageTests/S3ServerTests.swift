import Core
import Outbound
import Testing

@testable import Storage

/// A real server that checks signatures; `script/with-seaweedfs` starts it.
@Suite(.serialized, .enabled(if: TestBucket.url != nil), .timeLimit(.minutes(1))) struct S3ServerTests {
    private func storage(_ change: (String) -> String) throws -> S3Storage {
        let settings = try TestBucket.settings(change)
        return S3Storage(settings, client: try TestBucket.client(settings))
    }

    /// The issue of every operation, which must be the same.
    private func issues(_ storage: S3Storage) async throws -> [StorageIssue?] {
        let key = try ObjectKey("a")
        return [
            await issue { () throws(StorageIssue) in try await storage.put(key, [1], contentType: "image/png") },
            await issue { () throws(StorageIssue) in try await storage.put(key, noise(9 << 20), contentType: "image/png") },
            await issue { () throws(StorageIssue) in _ = try await storage.get(key, range: nil) },
            await issue { () throws(StorageIssue) in _ = try await storage.stream(key, range: nil) },
            await issue { () throws(StorageIssue) in try await storage.delete(key) },
            await issue { () throws(StorageIssue) in try await storage.check() },
        ]
    }

    @Test func aWrongSecretIsSaidClearly() async throws {
        _ = try await TestBucket.shared()
        let storage = try storage { $0.replacing("not/a+secret=at-all", with: "wrongwrong") }
        for issue in try await issues(storage) {
            #expect(issue?.kind == .denied)
            #expect(issue?.message.contains("the secret does not belong to the access key") ?? false, "\(issue?.message ?? "")")
            #expect(!(issue?.message.contains("wrongwrong") ?? true))
        }
        // An answer to HEAD has no body that could say more.
        let key = try ObjectKey("a")
        let issue = await issue { () throws(StorageIssue) in _ = try await storage.size(key) }
        #expect(issue?.kind == .denied)
    }

    @Test func anUnknownKeyIsSaidClearly() async throws {
        _ = try await TestBucket.shared()
        for issue in try await issues(try storage { $0.replacing("AUDENCITEST", with: "NOBODY") }) {
            #expect(issue?.kind == .denied)
            #expect(issue?.message.contains("the access key is not known there") ?? false, "\(issue?.message ?? "")")
        }
    }

    @Test func aMissingBucketIsSaidClearly() async throws {
        _ = try await TestBucket.shared()
        let storage = try storage { $0.replacing("/audenci-test?", with: "/no-such-bucket?") }
        let issue = await issue { () throws(StorageIssue) in try await storage.check() }
        #expect(issue?.kind == .missingBucket)
        #expect(issue?.message.contains("Create it") ?? false, "\(issue?.message ?? "")")
    }

    @Test func aServerThatIsNotThereIsUnavailable() async throws {
        let settings = try S3Settings("s3://K:S@127.0.0.1:1/bucket?tls=false")
        let (client, ambient) = (try TestBucket.client(settings), Ambient.live)
        let storage = S3Storage(settings, client: client, ambient: ambient, backoff: Backoff(delays: [.zero])) { _ in }
        let issue = await issue { () throws(StorageIssue) in try await storage.check() }
        #expect(issue?.kind == .unavailable)
        #expect(issue?.message.contains("127.0.0.1:1") ?? false, "\(issue?.message ?? "")")
    }

    /// So the signature is over what is sent, and not merely well formed.
    @Test func theServerRefusesTheSignatureOfAnotherRequest() async throws {
        let shared = try await TestBucket.shared()
        let settings = try TestBucket.settings()
        let (signedKey, otherKey) = (try ObjectKey("signed"), "forged-\(Ambient.live.randomBytes(8).hexadecimal)")
        var request = S3Request("PUT", signedKey)
        request.body = [1, 2, 3]
        var forged = request.signed(
            settings, bodyHash: Signature.sha256(request.body), at: Ambient.live.now(), deadline: .seconds(20))
        forged.url = forged.url.replacing("/signed", with: "/" + otherKey)
        #expect(try await TestBucket.client(settings).send(forged).status == 403)
        #expect(try await shared.size(try ObjectKey(otherKey)) == nil)
    }
}
