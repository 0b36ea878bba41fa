import Testing

@testable import Imaging

@Suite struct WorkshopGateTests {
    /// Until a condition holds that only other tasks can bring about.
    private func until(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }

    @Test(.timeLimit(.minutes(1))) func whoComesTooManyWaitsUntilOneLeaves() async {
        let gate = WorkshopGate(places: 2, waitingLimit: 5)
        #expect(await gate.enter() == .admitted)
        #expect(await gate.enter() == .admitted)
        async let third = gate.enter()
        await until { gate.waiting == 1 }
        gate.leave()
        #expect(await third == .admitted)
        #expect(gate.waiting == 0)
        gate.leave()
        gate.leave()
        #expect(await gate.enter() == .admitted)
    }

    @Test(.timeLimit(.minutes(1))) func theQueueHasAnEnd() async {
        let gate = WorkshopGate(places: 1, waitingLimit: 1)
        #expect(await gate.enter() == .admitted)
        async let second = gate.enter()
        await until { gate.waiting == 1 }
        #expect(await gate.enter() == .busy)
        gate.leave()
        #expect(await second == .admitted)
    }

    @Test(.timeLimit(.minutes(1))) func whoIsCancelledWaitsNoLonger() async {
        let gate = WorkshopGate(places: 1, waitingLimit: 5)
        #expect(await gate.enter() == .admitted)
        let waiting = Task { await gate.enter() }
        await until { gate.waiting == 1 }
        waiting.cancel()
        #expect(await waiting.value == .cancelled)
        #expect(gate.waiting == 0)
        let late = Task {
            await until { Task.isCancelled }
            return await gate.enter()
        }
        late.cancel()
        #expect(await late.value == .cancelled)
        gate.leave()
        #expect(await gate.enter() == .admitted)
    }
}
