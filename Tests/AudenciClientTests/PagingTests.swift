import AudenciClient
import Foundation
import Testing

/// Lists as sequences.
struct PagingTests {
    private func post(_ id: String) -> String { Sample.post.replacing("\"c1\"", with: "\"\(id)\"") }

    @Test func pagesAreFollowedToTheEnd() async throws {
        let fake = FakeClient(
            .answer(200, Sample.page([post("p1"), post("p2")], next: "n+1")), .answer(200, Sample.page([], next: "n2")),
            .answer(200, Sample.page([post("p3")])))
        let ids = try await fake.client.posts.all(status: [.scheduled, .draft]).collect().map(\.id)
        #expect(ids == ["p1", "p2", "p3"])
        #expect(
            fake.lines == [
                "GET /api/posts?limit=100&status=SCHEDULED%2CDRAFT",
                "GET /api/posts?cursor=n%2B1&limit=100&status=SCHEDULED%2CDRAFT",
                "GET /api/posts?cursor=n2&limit=100&status=SCHEDULED%2CDRAFT",
            ])
    }

    @Test func aPageIsFetchedOnlyWhenItIsReached() async throws {
        let fake = FakeClient(.answer(200, Sample.page([post("p1"), post("p2")], next: "n1")))
        for try await _ in fake.client.posts.all() { break }
        #expect(fake.transport.requests.count == 1)
    }

    @Test func aListThatDoesNotSayWhereItGoesOnEndsWithAnError() async throws {
        let fake = FakeClient(
            .answer(200, Sample.page([post("p1")], next: "n1")), .answer(200, Sample.page([post("p2")], next: "n1")))
        let error = await #expect(throws: AudenciError.self) { try await fake.client.posts.all().collect() }
        #expect(error?.code == .unreadableAnswer)
        #expect(fake.transport.requests.count == 2)
    }

    @Test func theFeedIsFollowedFromWhereItEnded() async throws {
        let feed = #"{"data":[],"pagination":{"nextCursor":"e1","hasMore":false}}"#
        let fake = FakeClient(.answer(200, feed), .answer(200, feed.replacing("e1", with: "e2")))
        var cursors: [String?] = []
        for try await page in fake.client.events.follow(type: [.postFailed]) {
            cursors.append(page.pagination.nextCursor)
            if cursors.count == 2 { break }
        }
        #expect(cursors == ["e1", "e2"])
        #expect(
            fake.lines == [
                "GET /api/events?from=end&type=post.failed", "GET /api/events?cursor=e1&limit=100&type=post.failed&wait=25",
            ])
    }
}
