import Core
import Glibc
import NIOPosix
import Testing

/// One answer as it came over the socket.
struct RawResponse: Sendable {
    var status: Int
    /// Names in lower case, in order.
    var headers: [(name: String, value: String)]
    var body: String

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    var json: JSONValue? { try? JSONValue(parsing: body) }
    /// `error.code` of the envelope.
    var code: String? { json?["error"]?["code"]?.string }
}

enum RawError: Error {
    case connect(Int32)
    case closed, timeout
    case malformed(String)
}

/// A TCP connection that sends exactly the bytes it is given. Blocking, so it runs on threads of its own: the tasks of the
/// server must find free threads.
final class RawConnection: @unchecked Sendable {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    private init(port: Int) throws {
        // The server binds "localhost", which is either of them.
        for family in [AF_INET6, AF_INET] {
            let socket = Glibc.socket(family, Int32(SOCK_STREAM.rawValue), 0)
            var limit = timeval(tv_sec: 15, tv_usec: 0)
            setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            if Self.connect(socket, family, port) == 0 {
                descriptor = socket
                return
            }
            close(socket)
        }
        throw RawError.connect(errno)
    }

    deinit { close(descriptor) }

    private static func connect(_ socket: Int32, _ family: Int32, _ port: Int) -> Int32 {
        if family == AF_INET6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = in_port_t(port).bigEndian
            address.sin6_addr = in6addr_loopback
            return withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Runs `body` with a fresh connection, off the tasks' threads.
    static func with<Value: Sendable>(
        _ port: Int, _ body: @escaping @Sendable (RawConnection) throws -> Value
    ) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive { try body(RawConnection(port: port)) }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Sends until everything is sent or the peer is gone.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends no more: the peer sees the end.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Waits for the peer's end and returns what came before it.
    func readToEnd() throws -> String {
        while try fill() {}
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    /// Reads one answer by its `Content-Length`.
    func response(toHead: Bool = false) throws -> RawResponse {
        var end = headEnd
        while end == nil {
            guard try fill() else { throw RawError.closed }
            end = headEnd
        }
        guard let end else { throw RawError.closed }
        let lines = String(decoding: buffer[..<end], as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        guard let status else { throw RawError.malformed(String(decoding: buffer, as: UTF8.self)) }
        let headers = lines.dropFirst().filter { !$0.isEmpty }.map { line -> (name: String, value: String) in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts.first.map { $0.lowercased() } ?? "", parts.last.map { String($0.drop { $0 == " " }) } ?? "")
        }
        buffer.removeFirst(end + 4)
        let hasBody = !toHead && status != 204 && status != 304 && status >= 200
        let length = hasBody ? headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0 : 0
        while buffer.count < length {
            guard try fill() else { throw RawError.closed }
        }
        let body = String(decoding: buffer[..<length], as: UTF8.self)
        buffer.removeFirst(length)
        return RawResponse(status: status, headers: headers, body: body)
    }

    private var headEnd: Int? {
        guard buffer.count >= 4 else { return nil }
        return (0...(buffer.count - 4)).first { buffer[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }
    }

    /// False at the peer's end.
    private func fill() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count < 0 {
            if errno == ECONNRESET { return false }
            throw RawError.timeout
        }
        buffer.append(contentsOf: chunk[..<count])
        return count > 0
    }
}
