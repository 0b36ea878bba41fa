import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Everything that makes two runs differ: the clock, randomness and ids. Handed in from the composition root, so that a
/// test can fix all three and every decision can be reproduced.
package struct Ambient: Sendable {
    /// The present moment.
    package var now: @Sendable () -> Instant
    /// `count` bytes from a cryptographic generator.
    package var randomBytes: @Sendable (_ count: Int) -> [UInt8]

    package init(now: @escaping @Sendable () -> Instant, randomBytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.now = now
        self.randomBytes = randomBytes
    }

    /// A fresh id: `c`, eight characters of time (milliseconds, base 36) and sixteen random ones (82 bits).
    /// Later ids sort after earlier ones to the millisecond, so that inserts land at the end of an index.
    package func newID<Kind>(_: ID<Kind>.Type = ID<Kind>.self) -> ID<Kind> {
        let random = randomBytes(16)
        let time = max(now().milliseconds, 0)
        return ID(
            String(unsafeUninitializedCapacity: 25) { buffer in
                buffer[0] = 99
                var rest = time
                for index in stride(from: 8, through: 1, by: -1) {
                    buffer[index] = Self.base36[Int(rest % 36)]
                    rest /= 36
                }
                for index in 0..<16 { buffer[9 + index] = Self.base36[Int(random[index]) % 36] }
                return 25
            })
    }

    /// A number from 0 up to but not including 1, for jitter.
    package func unitInterval() -> Double {
        let bytes = randomBytes(7)
        return Double(bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } >> 3) / Double(1 << 53 as UInt64)
    }

    private static let base36 = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
}

extension Ambient {
    /// The real clock and the system's random generator.
    package static let live = Ambient(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
        },
        randomBytes: { count in
            // Eight bytes at a time: each number that SystemRandomNumberGenerator makes is a system call.
            var generator = SystemRandomNumberGenerator()
            return [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, filled in
                while filled < count {
                    var number = generator.next()
                    for _ in 0..<min(8, count - filled) {
                        buffer[filled] = UInt8(truncatingIfNeeded: number)
                        number >>= 8
                        filled += 1
                    }
                }
            }
        })

    /// A clock that stands still until told otherwise and a generator that repeats from its seed.
    package static func fixed(at start: Instant = Instant(seconds: 1_770_114_600), seed: UInt64 = 1) -> (Ambient, FixedClock) {
        let clock = FixedClock(start)
        let generator = Mutex(SplitMix64(state: seed))
        let box = GeneratorBox(generator)
        return (Ambient(now: { clock.now }, randomBytes: { box.bytes($0) }), clock)
    }
}

/// The clock of ``Ambient/fixed(at:seed:)``.
package final class FixedClock: Sendable {
    private let time: Mutex<Instant>

    package init(_ start: Instant) { time = Mutex(start) }

    package var now: Instant { time.withLock { $0 } }
    package func advance(by step: Duration) { time.withLock { $0 = $0 + step } }
    package func set(_ instant: Instant) { time.withLock { $0 = instant } }
}

private final class GeneratorBox: Sendable {
    private let generator: Mutex<SplitMix64>
    init(_ generator: consuming Mutex<SplitMix64>) { self.generator = generator }
    func bytes(_ count: Int) -> [UInt8] {
        generator.withLock { state in (0..<count).map { _ in UInt8(truncatingIfNeeded: state.next()) } }
    }
}

/// Steele, Lea and Flood's SplitMix64: small, seedable, good enough for tests and shuffles; never for secrets.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(state: UInt64) { self.state = state }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
