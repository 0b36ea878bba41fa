import Contract
import Core
import Testing

@testable import HTTPServer

/// gzip, both ways.
@Suite(.serialized) struct EncodingTests {
    @Test func whatIsCompressedComesBackAsItWas() throws {
        for count in [0, 1, 1000, 300_000] {
            let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
            let packed = try #require(Gzip.compress(plain))
            let unpacked = try Gzip.decompress(packed, limit: count)
            #expect(unpacked == plain)
        }
    }

    @Test func aBombEndsAtTheLimit() throws {
        let bomb = try #require(Gzip.compress([UInt8](repeating: 0, count: 50_000_000)))
        #expect(bomb.count < 60_000)
        let failure = #expect(throws: Gzip.Failure.self) { try Gzip.decompress(bomb, limit: 1_000_000) }
        let isTooLarge = if case .tooLarge = failure { true } else { false }
        #expect(isTooLarge)
    }

    @Test func whatIsCutOffOrGarbledIsRefused() throws {
        let packed = try #require(Gzip.compress(Array("hello hello hello".utf8)))
        var garbled = packed
        garbled[packed.count - 6] ^= 0xFF
        for wrong in [Array(packed.dropLast()), Array(packed.prefix(5)), packed + [0], garbled, Array("hello".utf8), []] {
            #expect(throws: Gzip.Failure.self) { try Gzip.decompress(wrong, limit: 1000) }
        }
    }

    @Test(arguments: [
        ("gzip", true), ("GZIP", true), ("x-gzip", true), ("*", true), ("deflate, gzip;q=0.1", true), ("gzip ; q=1.0", true),
        ("br, *;q=0.5", true), ("gzip;q=0.5, identity;q=0.5", true), ("", false), ("gzip;q=0", false), ("br", false),
        ("*, gzip;q=0", false), ("*;q=0", false), ("identity", false), ("gzip;q=0.5, identity", false), ("gzip;q=x", false),
    ]) func theCallersWeightsDecide(header: String, isCompressed: Bool) {
        #expect(AcceptEncoding.allowsGzip(header) == isCompressed)
        #expect(!AcceptEncoding.allowsGzip(nil))
    }

    @Test func largeAnswersAreCompressedForThoseWhoTakeIt() async throws {
        try await TestServer.run { server in
            let plain = try await server.send("GET", "/api/long")
            #expect(plain.header("content-encoding") == nil)
            #expect(plain.header("vary") == "Accept-Encoding")
            let tag = try #require(plain.header("etag"))
            let packed = try await server.send("GET", "/api/long", headers: ["Accept-Encoding: gzip"])
            #expect(packed.header("content-encoding") == "gzip")
            #expect(packed.header("vary") == "Accept-Encoding")
            #expect(packed.header("etag") == "W/\(tag)")
            let size = packed.header("content-length").flatMap { Int($0) } ?? 0
            #expect(size > 20 && size < 400)
            for known in [tag, "W/\(tag)"] {
                let again = try await server.send(
                    "GET", "/api/long", headers: ["Accept-Encoding: gzip", "If-None-Match: \(known)"])
                #expect(again.status == 304)
            }
            let small = try await server.send("GET", "/api/notes/n1", headers: ["Accept-Encoding: gzip"])
            #expect(small.header("content-encoding") == nil)
            #expect(small.header("vary") == nil)
        }
    }

    @Test func compressedBodiesAreReadAsWhatTheyHold() async throws {
        var limits = HTTPLimits()
        limits.maximumBodyBytes = 100_000
        try await TestServer.run(limits: limits) { server in
            func echo(_ bytes: [UInt8], _ encoding: String = "gzip") async throws -> RawResponse {
                let head = TestServer.request(
                    "POST", "/api/echo",
                    headers: [
                        "Content-Type: application/json", "Content-Encoding: \(encoding)", "Content-Length: \(bytes.count)",
                    ])
                return try await RawConnection.with(server.port) { connection in
                    connection.send(Array(head.utf8) + bytes)
                    return try connection.response()
                }
            }
            func body(_ count: Int) -> [UInt8] { Array("{\"text\":\"\(String(repeating: "x", count: count))\"}".utf8) }
            let packed = try #require(Gzip.compress(body(90_000)))
            let good = try await echo(packed)
            #expect(good.json?["text"]?.string == "90000")
            let plain = try await echo(body(10), "identity")
            #expect(plain.status == 200)
            let bomb = try await echo(try #require(Gzip.compress(body(5_000_000))))
            #expect(bomb.status == 413)
            #expect(bomb.code == "payload_too_large")
            let broken = try await echo(Array("no gzip".utf8))
            #expect(broken.status == 400)
            let unknown = try await echo(body(10), "br")
            #expect(unknown.status == 415)
            #expect(unknown.header("accept-encoding") == "gzip")
        }
    }
}
