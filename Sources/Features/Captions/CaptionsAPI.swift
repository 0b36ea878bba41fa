package import Contract
import Core

package struct CaptionsAPI: Sendable {
    let orders: CaptionOrderStore
    let chooser: any HashtagChooser

    package init(orders: CaptionOrderStore, chooser: any HashtagChooser) {
        self.orders = orders
        self.chooser = chooser
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                "POST", "/api/captions/generate", id: "captions.generate",
                "Write captions in the brand's voice, several for each platform: 202 with the job, or with Prefer: wait=25 the finished job.",
                scope: .readWrite, errors: [.insufficientCredits], JSONBody(CaptionInput.self), Waiting()
            ) { caller, input, wait in
                let job = try await orders.order(input, for: caller)
                let present = try await orders.jobs.ended(job, within: wait, for: caller)
                return Underway(present, at: "/api/jobs/\(job.id)", hasEnded: present.status.hasEnded)
            },
            Endpoint(
                "POST", "/api/hashtags/generate", id: "hashtags.generate",
                "Choose hashtags for a text from those that the brand has used and its sets; free.", scope: .readWrite,
                JSONBody(HashtagInput.self)
            ) { caller, input in
                let brand = try await orders.brand(input.brandID, for: caller)
                let history = try await orders.history(of: brand.id, in: caller.organizationID)
                return OK(try await chooser.hashtags(for: input, brand: brand, history: history))
            },
        ]
    }
}
