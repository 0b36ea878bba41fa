import Synchronization

/// A value that one task waits for and that comes from whichever of several sources settles it first: the work, a
/// deadline's timer, or cancellation.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case open
        case waited(UnsafeContinuation<Value, Never>)
        case settled(Value)
        case taken
    }
    private let state = Mutex(State.open)

    /// Settles with `value`. False when something else was first; the caller then keeps what it wanted to hand over.
    @discardableResult
    func settle(_ value: Value) -> Bool {
        let (isFirst, waiter) = state.withLock { state -> (Bool, UnsafeContinuation<Value, Never>?) in
            switch state {
            case .open:
                state = .settled(value)
                return (true, nil)
            case .waited(let continuation):
                state = .taken
                return (true, continuation)
            case .settled, .taken:
                return (false, nil)
            }
        }
        waiter?.resume(returning: value)
        return isFirst
    }

    var isSettled: Bool {
        state.withLock { state in
            switch state {
            case .open, .waited: false
            case .settled, .taken: true
            }
        }
    }

    /// Waits for the value. Called once; `onCancel` must see to it that the value comes soon.
    func value(onCancel: @escaping @Sendable () -> Void) async -> Value {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let early = state.withLock { state -> Value? in
                    if case .settled(let value) = state {
                        state = .taken
                        return value
                    }
                    state = .waited(continuation)
                    return nil
                }
                if let early { continuation.resume(returning: early) }
            }
        } onCancel: {
            onCancel()
        }
    }
}
