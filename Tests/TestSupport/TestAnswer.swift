import NIOCore
import NIOPosix

/// What a ``TestReceiver`` does with a request.
package struct TestAnswer: Sendable {
    enum Kind: Sendable {
        case respond(status: Int, headers: [(name: String, value: String)], body: [UInt8])
        case raw([UInt8])
        case hang
        case nothing
        case drip(status: Int, every: Duration)
        case endless
    }
    let kind: Kind
    var delay = Duration.zero
    var gate: TestGate?
    var closes = false

    private init(_ kind: Kind) { self.kind = kind }

    /// A well-formed answer with `Content-Length` (none for 204 and 304).
    package static func status(_ status: Int, headers: [(name: String, value: String)] = [], body: String = "") -> TestAnswer {
        TestAnswer(.respond(status: status, headers: headers, body: Array(body.utf8)))
    }

    /// As ``status(_:headers:body:)`` with any bytes.
    package static func status(_ status: Int, headers: [(name: String, value: String)] = [], bytes: [UInt8]) -> TestAnswer {
        TestAnswer(.respond(status: status, headers: headers, body: bytes))
    }

    /// These bytes, whatever they are.
    package static func raw(_ text: String) -> TestAnswer { TestAnswer(.raw(Array(text.utf8))) }
    package static func raw(bytes: [UInt8]) -> TestAnswer { TestAnswer(.raw(bytes)) }

    /// Nothing, for ever; the connection stays open.
    package static var hang: TestAnswer { TestAnswer(.hang) }

    /// Closes the connection without a byte.
    package static var closeWithoutAnswer: TestAnswer {
        var answer = TestAnswer(.nothing)
        answer.closes = true
        return answer
    }

    /// Status and headers at once, then a body of 1,000,000 announced bytes, one byte at a time.
    package static func drip(_ status: Int = 200, every step: Duration = .milliseconds(20)) -> TestAnswer {
        TestAnswer(.drip(status: status, every: step))
    }

    /// A chunked body without an end, as fast as it is taken.
    package static var endless: TestAnswer { TestAnswer(.endless) }

    /// The same after a pause.
    package func delayed(by delay: Duration) -> TestAnswer {
        var answer = self
        answer.delay = delay
        return answer
    }

    /// The same, once the gate is open.
    package func held(by gate: TestGate) -> TestAnswer {
        var answer = self
        answer.gate = gate
        return answer
    }

    /// The same, and then the connection is closed (with `Connection: close` where there are headers).
    package var thenClosing: TestAnswer {
        var answer = self
        answer.closes = true
        return answer
    }
}

/// Holds answers back until the test opens it, so that no test has to guess how long something takes.
package final class TestGate: Sendable {
    private let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Void.self)
    var opened: EventLoopFuture<Void> { promise.futureResult }

    package init() {}

    /// Lets everything through, now and later. To be called once in every test that makes a gate.
    package func open() { promise.succeed() }
}
