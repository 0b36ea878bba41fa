import AudenciClient
import Foundation
import Testing

/// `URLSession` as it really behaves, against a small server of Python's.
@Suite(.serialized) struct TransportTests {
    /// Answers `/moved` with a redirect, and everything else with the request's own method, path, key and body.
    private static let echo = """
        import http.server, json, time
        class Echo(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                said = json.dumps({"method": self.command, "path": self.path, "body": body.decode(),
                                   "type": self.headers.get("Content-Type"), "key": self.headers.get("Authorization")}).encode()
                print(self.command, self.path, flush=True)
                if "slow" in self.path: time.sleep(30)
                self.send_response(302 if "moved" in self.path else 200)
                self.send_header("Location", "/landed")
                self.send_header("Content-Length", str(len(said)))
                self.send_header("X-Twice", "one")
                self.end_headers()
                self.wfile.write(said)
            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer
            def log_message(self, *_): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        print("port", server.server_address[1], flush=True)
        server.serve_forever()
        """

    private func start() async throws -> (Peer, APIClient) {
        let peer = try Peer("/usr/bin/env", ["python3", "-c", Self.echo])
        let url = try #require(URL(string: "http://127.0.0.1:\(try await peer.number(after: "port "))"))
        return (peer, APIClient(baseURL: url, key: "sk_test", retries: .never))
    }

    @Test func aRedirectIsNotFollowed() async throws {
        let (peer, client) = try await start()
        for method in [APIRequest.Method.get, .post] {
            let error = await #expect(throws: AudenciError.self) { try await client.data(APIRequest(method, ["moved"])) }
            #expect(error?.status == 302)
        }
        #expect(peer.text.contains("GET /api/moved") && peer.text.contains("POST /api/moved"))
        #expect(!peer.text.contains("landed"))
    }

    @Test(arguments: [APIRequest.Method.post, .put, .patch, .delete]) func bodiesArriveAsTheyAre(method: APIRequest.Method)
        async throws
    {
        let (_, client) = try await start()
        let reply = try await client.send(
            APIRequest(method, ["x", "a b"], query: ["q": "ü&"], body: .data(Data("größe".utf8), contentType: "text/x-test")),
            as: JSONValue.self)
        #expect(
            reply.value == [
                "method": .string(method.rawValue), "path": "/api/x/a%20b?q=%C3%BC%26", "body": "größe", "type": "text/x-test",
                "key": "Bearer sk_test",
            ])
    }

    @Test func aFileIsSentFromDisk() async throws {
        let (_, client) = try await start()
        let file = FileManager.default.temporaryDirectory.appending(path: "audenci-client-\(UUID().uuidString).txt")
        try Data(repeating: UInt8(ascii: "x"), count: 300_000).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let reply = try await client.send(
            APIRequest(.post, ["media"], body: .file(file, contentType: "text/plain")), as: JSONValue.self)
        #expect(reply.value["body"]?.string?.count == 300_000)
    }

    @Test func aFileThatIsNotThereIsAnErrorAndNotTriedAgain() async throws {
        let (_, client) = try await start()
        let error = await #expect(throws: AudenciError.self) {
            try await client.media.upload(contentsOf: URL(filePath: "/nowhere/cat.png"), contentType: "image/png")
        }
        #expect(error?.code == .connectionFailed || error?.code == .unusableRequest)
    }

    @Test func aRequestUnderWayEndsWhenItsTaskIsCancelled() async throws {
        let (peer, client) = try await start()
        let task = Task { try await client.data(APIRequest(.get, ["slow"])) }
        // It is another process: what it prints is all there is to wait on.
        while !peer.text.contains("GET /api/slow") { try await Task.sleep(for: .milliseconds(10)) }
        let cancelled = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - cancelled < .seconds(10))
    }

    @Test func aServerThatSaysNothingIsGivenUp() async throws {
        let (_, client) = try await start()
        let error = await #expect(throws: AudenciError.self) {
            try await client.data(APIRequest(.get, ["slow"], timeout: .seconds(1)))
        }
        #expect(error?.code == .connectionFailed)
    }

    @Test func nobodyListeningIsAnErrorThatSaysSo() async throws {
        let url = try #require(URL(string: "http://127.0.0.1:1"))
        let client = APIClient(baseURL: url, key: "sk_test", retries: .never)
        let error = await #expect(throws: AudenciError.self) { try await client.me() }
        #expect(error?.code == .connectionFailed)
        #expect(error?.message.hasPrefix("127.0.0.1 gave no answer: ") == true)
    }
}
