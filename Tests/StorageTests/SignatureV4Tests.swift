import Core
import Testing

@testable import Storage

/// The examples that AWS publishes, with their signatures.
struct SignatureV4Tests {
    /// From "Authenticating Requests: Using the Authorization Header" in the S3 API reference.
    private let s3 = SignatureV4(
        keyID: "AKIAIOSFODNN7EXAMPLE", secret: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), region: "us-east-1")
    private let may = Instant(seconds: 1_369_353_600)

    /// From the Signature Version 4 test suite.
    private let suite = SignatureV4(
        keyID: "AKIDEXAMPLE", secret: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), region: "us-east-1",
        service: "service")
    private let august = Instant(seconds: 1_440_938_160)

    private func s3Headers(_ hash: String, _ more: [(name: String, value: String)] = []) -> [(name: String, value: String)] {
        more + [
            ("Host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", hash), ("x-amz-date", SignatureV4.date(may)),
        ]
    }

    @Test func datesAreInTheBasicForm() {
        #expect(SignatureV4.date(may) == "20130524T000000Z")
        #expect(SignatureV4.date(august) == "20150830T123600Z")
    }

    @Test func getObjectWithARangeIsSignedAsPublished() {
        let hash = SignatureV4.emptyHash
        #expect(Signature.sha256([]) == hash)
        let text = s3.authorization(
            "GET", path: "/test.txt", headers: s3Headers(hash, [("Range", "bytes=0-9")]), bodyHash: hash, at: may)
        #expect(
            text == """
                AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
                SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, \
                Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41
                """)
    }

    @Test func putObjectIsSignedAsPublished() {
        let hash = Signature.sha256("Welcome to Amazon S3.".utf8)
        #expect(hash == "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
        let headers = s3Headers(
            hash, [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")])
        let text = s3.authorization("PUT", path: "/test%24file.text", headers: headers, bodyHash: hash, at: may)
        #expect(text.hasSuffix("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
        #expect(text.contains("SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,"))
    }

    @Test(arguments: [
        ([("lifecycle", "")], "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ([("prefix", "J"), ("max-keys", "2")], "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ])
    func requestsToABucketAreSignedAsPublished(query: [(name: String, value: String)], signature: String) {
        let hash = SignatureV4.emptyHash
        let text = s3.authorization("GET", path: "/", query: query, headers: s3Headers(hash), bodyHash: hash, at: may)
        #expect(text.hasSuffix("Signature=\(signature)"))
    }

    @Test(
        arguments: [
            ("get-vanilla", "GET", "/", [], "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
            ("post-vanilla", "POST", "/", [], "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
            (
                "get-vanilla-query-order-key-case", "GET", "/", [("Param2", "value2"), ("Param1", "value1")],
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
            ),
            (
                "get-vanilla-utf8-query", "GET", "/", [("ሴ", "bar")],
                "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"
            ),
            ("get-utf8", "GET", "/%E1%88%B4", [], "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        ] as [(String, String, String, [(name: String, value: String)], String)])
    func theSuiteIsSignedAsPublished(
        name: String, method: String, path: String, query: [(name: String, value: String)], signature: String
    ) {
        let text = suite.authorization(
            method, path: path, query: query,
            headers: [("Host", "example.amazonaws.com"), ("X-Amz-Date", SignatureV4.date(august))],
            bodyHash: SignatureV4.emptyHash, at: august)
        #expect(text.hasSuffix("SignedHeaders=host;x-amz-date, Signature=\(signature)"), "\(name)")
    }

    @Test func headersAreSignedSortedAndWithoutNeedlessSpaces() {
        // get-header-key-sort's rules: the order, case and spacing that were given make no difference.
        func sign(_ headers: [(name: String, value: String)]) -> String {
            suite.authorization(
                "GET", path: "/", headers: headers, bodyHash: SignatureV4.emptyHash, at: august)
        }
        let date = SignatureV4.date(august)
        #expect(
            sign([("My-Header", "  a   b "), ("Host", "example.amazonaws.com"), ("X-Amz-Date", date)])
                == sign([("host", "example.amazonaws.com"), ("x-amz-date", date), ("my-header", "a b")]))
    }
}
