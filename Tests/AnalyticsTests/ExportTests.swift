import Contract
import Core
import Testing

@testable import Features

@Suite(.serialized) struct ExportTests {
    /// The client would take an export that ends early for the whole, and go on after what it never got.
    @Test(arguments: [AnalyticsExport.Form.ndjson, .csv, .parquet])
    func anExportThatIsStoppedDoesNotEndAsIfItWereWhole(form: AnalyticsExport.Form) async throws {
        let world = try await AnalyticsWorld()
        let (_, id) = try await world.publish(.mastodon)
        let watch = try #require(try await world.watch(id))
        try await world.insights.record([.init(watch: watch, metrics: Metrics([(.likes, 1)]))])
        let store = ExportStore(engine: world.engine)
        var export = AnalyticsExport()
        export.form = form
        let end = try await store.end(for: world.caller)
        let streamed = try await export.stream(try export.range(upTo: end), next: end, from: store, for: world.caller)
        let stream = try #require(streamed.reply(to: APIRequest(method: "GET", path: "/")).stream)
        let stopped = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await stream { _ in }
        }
        await #expect(throws: CancellationError.self) { try await stopped.value }
    }
}
