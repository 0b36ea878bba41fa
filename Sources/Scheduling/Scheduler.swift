package import Core
package import Logging
import ServiceLifecycle

/// Runs the duties, each in its own loop, until the service stops. A duty that throws is logged and asked again; it never
/// stops the others.
package struct Scheduler: Service {
    let duties: [any Duty]
    let ambient: Ambient
    let logger: Logger

    package init(duties: [any Duty], ambient: Ambient, logger: Logger) {
        self.duties = duties
        self.ambient = ambient
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for duty in duties { group.addTask { await loop(duty) } }
            }
        }
    }

    private func loop(_ duty: any Duty) async {
        let wake = duty.wake ?? WakeSignal()
        while !Task.isCancelled {
            var pause = duty.pause
            do {
                if let next = try await duty.run() { pause = min(pause, max(next - ambient.now(), .milliseconds(1))) }
            } catch is CancellationError {
                return
            } catch {
                logger.error(
                    "a duty failed and is tried again", metadata: ["duty": "\(type(of: duty).name)", "error": "\(error)"])
                pause = max(min(pause, .seconds(5)), .seconds(1))
            }
            await wake.wait(atMost: pause)
        }
    }
}
