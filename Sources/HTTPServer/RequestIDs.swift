import Core
import Synchronization

/// Makes `req_` and 16 characters of base 36: unique across restarts, not secret. One random seed for the process and a
/// counter, because asking the kernel for randomness at every request costs more than routing it.
final class RequestIDs: Sendable {
    private let seed: UInt64
    private let counter = Atomic<UInt64>(0)

    init(_ ambient: Ambient) {
        seed = ambient.randomBytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    func next() -> String {
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        var generator = SplitMix64(state: seed &+ number &* 0xA24B_AED4_963E_E407)
        var high = generator.next()
        var low = generator.next()
        return String(unsafeUninitializedCapacity: 20) { buffer in
            buffer[0] = 0x72
            buffer[1] = 0x65
            buffer[2] = 0x71
            buffer[3] = 0x5F
            for index in 4..<12 {
                buffer[index] = Self.digit(&high)
                buffer[index + 8] = Self.digit(&low)
            }
            return 20
        }
    }

    private static func digit(_ rest: inout UInt64) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: rest % 36)
        rest /= 36
        return value < 10 ? 0x30 + value : 0x57 + value
    }
}
