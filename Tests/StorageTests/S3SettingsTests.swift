import Core
import Outbound
import Testing

@testable import Storage

struct S3SettingsTests {
    @Test func everyPartIsRead() throws {
        let settings = try S3Settings("s3://KEY:SECRET@storage.example.com:9000/my-bucket?region=eu-west-1&tls=false")
        #expect(settings.keyID == "KEY")
        #expect(settings.secret.reveal() == "SECRET")
        #expect(settings.origin == "http://storage.example.com:9000")
        #expect(settings.hostHeader == "storage.example.com:9000")
        #expect(settings.bucket == "my-bucket")
        #expect(settings.region == "eu-west-1")
        #expect(!settings.isTLS)
    }

    @Test func withoutOptionsItIsTLSInUSEast1() throws {
        let settings = try S3Settings("s3://K:S@s3.example.com/bucket")
        #expect(settings.origin == "https://s3.example.com")
        #expect(settings.region == "us-east-1")
        #expect(settings.isTLS)
        // The scheme's own port is not said in the header that is signed.
        #expect(try S3Settings("s3://K:S@s3.example.com:443/bucket").hostHeader == "s3.example.com")
        #expect(try S3Settings("s3://K:S@[::1]:9000/bucket?tls=false").hostHeader == "[::1]:9000")
    }

    @Test(arguments: [
        ("a/b+c=d", "a/b+c=d"), ("a%2Fb%2Bc", "a/b+c"), ("a:b", "a:b"), ("a@b", "a@b"), ("a%40b%25", "a@b%"),
        ("a?b#c", "a?b#c"),
    ])
    func secretsMayHoldAnything(written: String, secret: String) throws {
        #expect(try S3Settings("s3://KEY:\(written)@host.example.com/bucket").secret.reveal() == secret)
    }

    @Test(arguments: [
        ("", "must begin with s3://"),
        ("https://topsecretkey:topsecret@host/bucket", "must begin with s3://"),
        ("s3://host.example.com/bucket", "KEY:SECRET@"),
        ("s3://topsecretkey:topsecret", "KEY:SECRET@"),
        ("s3://topsecret@host.example.com/bucket", "with a colon between"),
        ("s3://:topsecret@host.example.com/bucket", "access key"),
        ("s3://topsecretkey:@host.example.com/bucket", "secret between the colon and the @ is empty"),
        ("s3://topsecretkey:topsecret%zz@host.example.com/bucket", "%25"),
        ("s3://topsecretkey:topsecret%+1@host.example.com/bucket", "%25"),
        ("s3://topsecret key:topsecret@host.example.com/bucket", "access key"),
        ("s3://topsecretkey:topsecret@host.example.com", "/bucket"),
        ("s3://topsecretkey:topsecret@host.example.com/", "a bucket alone"),
        ("s3://topsecretkey:topsecret@host.example.com/bucket/path", "a bucket alone"),
        ("s3://topsecretkey:topsecret@host.example.com/Bucket", "lower-case"),
        ("s3://topsecretkey:topsecret@host.example.com/bu", "3 to 63"),
        ("s3://topsecretkey:topsecret@/bucket", "one host"),
        ("s3://topsecretkey:topsecret@host.example.com:0/bucket", "one host"),
        ("s3://topsecretkey:topsecret@host.example.com:99999/bucket", "one host"),
        ("s3://topsecretkey:topsecret@ho st/bucket", "one host"),
        ("s3://topsecretkey:topsecret@a,b/bucket", "one host"),
        ("s3://topsecretkey:topsecret@host.example.com/bucket?tls=no", "tls=true or tls=false"),
        ("s3://topsecretkey:topsecret@host.example.com/bucket?region=EU WEST", "region must be a name"),
        ("s3://topsecretkey:topsecret@host.example.com/bucket?region=", "region must be a name"),
        ("s3://topsecretkey:topsecret@host.example.com/bucket?other=1", "only region"),
        ("s3://topsecretkey:topsecret@host.example.com/bucket?tls=true&tls=false", "once each"),
    ])
    func whatIsWrongIsSaidWithoutTheSecret(text: String, says: String) {
        let issue = #expect(throws: S3SettingsIssue.self) { try S3Settings(text) }
        let message = issue?.description ?? ""
        #expect(message.contains(says), "\(message)")
        #expect(!message.contains("topsecret"), "\(message)")
    }

    @Test func printingShowsNoSecret() throws {
        let settings = try S3Settings("s3://KEY:topsecret@host.example.com/bucket")
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), dumped] { #expect(!text.contains("topsecret"), "\(text)") }
        #expect(settings.description == "s3://KEY:•••@host.example.com/bucket?region=us-east-1&tls=true")
    }

    @Test func thePolicyOpensThisEndpointOnly() throws {
        let policy = try S3Settings("s3://K:S@127.0.0.1:9000/bucket?tls=false").policy
        #expect(throws: Never.self) { try OutboundURL("http://127.0.0.1:9000/bucket/key", policy: policy) }
        for other in ["http://127.0.0.1:9001/", "http://10.0.0.1:9000/", "http://example.com/"] {
            #expect(throws: OutboundURLIssue.self) { try OutboundURL(other, policy: policy) }
        }
        let named = try S3Settings("s3://K:S@minio:9000/bucket?tls=false").policy
        #expect(throws: Never.self) { try OutboundURL("http://minio:9000/bucket/key", policy: named) }
        let secure = try S3Settings("s3://K:S@minio/bucket").policy
        #expect(throws: Never.self) { try OutboundURL("https://minio/bucket/key", policy: secure) }
        #expect(throws: OutboundURLIssue.self) { try OutboundURL("http://minio/bucket/key", policy: secure) }
    }
}
