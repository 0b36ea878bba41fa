package import Contract
import Core

package struct ImagesAPI: Sendable {
    let orders: ImageOrderStore

    package init(orders: ImageOrderStore) { self.orders = orders }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                "POST", "/api/images/generate", id: "images.generate",
                "Generate pictures into the media library: 202 with the job, or with Prefer: wait=25 the finished job.",
                scope: .readWrite, errors: [.insufficientCredits], JSONBody(ImageInput.self), Waiting()
            ) { caller, input, wait in
                let job = try await orders.order(input, for: caller)
                let present = try await orders.jobs.ended(job, within: wait, for: caller)
                return Underway(present, at: "/api/jobs/\(job.id)", hasEnded: present.status.hasEnded)
            }
        ]
    }
}
