import Contract
import Core
import Features

/// What automations want made is a job like any other, with its price and its place in the list. The task's id is the
/// job's, so that a second try finds the first one's job.
struct JobsForAutomations: AutomationGenerator {
    let images: ImageOrderStore
    let captions: CaptionOrderStore

    /// Less than a task's lease; a job that takes longer is found again by the next try.
    private static let patience = Duration.seconds(240)

    func make(_ order: GenerationOrder) async -> AutomationTaskOutcome {
        do {
            let job = try await self.order(order)
            return Self.outcome(of: try await images.jobs.ended(job, within: Self.patience, for: order.caller))
        } catch let error as APIError where error.code == .rateLimited || error.code.status >= 500 {
            return .again(error.message)
        } catch let error as APIError {
            let fields = error.details.map { " \($0.field) \($0.issue)." }.joined()
            return .refused(error.message + fields)
        } catch {
            return .again("The job could not be queued: \(error)")
        }
    }

    private func order(_ order: GenerationOrder) async throws -> Job {
        let id = JobID(order.id.rawValue)
        switch order.kind {
        case .caption:
            var input = CaptionInput()
            input.brandID = order.brandID
            input.topic = order.prompt
            input.platforms = order.platforms
            input.count = 1
            return try await captions.order(input, as: id, for: order.caller)
        case .image:
            var input = ImageInput()
            input.brandID = order.brandID
            input.prompt = order.prompt
            input.platform = order.platforms.first
            return try await images.order(input, as: id, for: order.caller)
        }
    }

    private static func outcome(of job: Job) -> AutomationTaskOutcome {
        switch job.status {
        case .queued, .running: return .again("The job \(job.id) is not done yet.")
        case .cancelled: return .refused("Somebody cancelled the job \(job.id).")
        case .failed: return .refused(job.error?.message ?? "The job \(job.id) failed.")
        case .succeeded: break
        }
        let result = job.result.flatMap { try? JSONValue(parsing: $0.text) }
        let summary = "the job \(job.id) made it, by \(job.provider ?? "nobody")"
        switch job.kind {
        case .captions: return .done(summary: summary, product: result?["variants"]?[0]?["caption"]?.string)
        case .images: return .done(summary: summary, objectID: result?["images"]?[0]?["mediaId"]?.string)
        }
    }
}
