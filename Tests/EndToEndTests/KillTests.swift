import Core
import Foundation
import TestSupport
import Testing

/// `kill -9` at seeded random moments, while posts are created, changed, deleted, published and delivered, while platforms
/// fail after the effect and while the receiver refuses: nothing acknowledged is lost, nothing is visible twice, every
/// event arrives. `AUDENCI_KILL_POSTS`, `AUDENCI_KILLS` and `AUDENCI_KILL_SEED` set the size.
@Suite(.serialized) struct KillTests {
    private static func number(_ name: String, _ standard: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
    }
    private let posts = number("AUDENCI_KILL_POSTS", 100)
    private let kills = number("AUDENCI_KILLS", 5)
    private let seed = UInt64(number("AUDENCI_KILL_SEED", 20_260_203))

    @Test func nothingIsLostOrVisibleTwiceThoughEverythingFails() async throws {
        var random = SeededRandom(seed)
        let wishes: [StormLog.Wish] = (0..<posts).map { _ in
            let kinds: [StormLog.Wish] = [.scheduled, .scheduled, .draft, .changed, .deleted]
            return kinds[Int(random.next() % UInt64(kinds.count))]
        }
        let storm = try await Storm(wishes: wishes, seed: seed, failsEveryNth: 10)
        let started = ContinuousClock.now
        let writers = 8
        // As long as the kills take, 1.4 s each on average, so that the last of them still meets work.
        let pause = Duration.milliseconds(Int64(kills * 1600 * writers / max(posts, 1)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<writers { group.addTask { await storm.write(pause: pause) } }
            for _ in 0..<kills {
                for _ in 0..<3 { try await storm.armFault(&random) }
                try await Task.sleep(for: random.duration(200...1800))
                try await storm.server.killAndStart()
            }
            try await group.waitForAll()
        }
        try await storm.disarm()
        #expect(storm.log.complaints == [])
        let entries = storm.log.entries
        #expect(entries.count == posts)

        let found = try await settled(storm)
        let created = entries.filter { $0.id != nil }.count
        print("\(kills) kills, \(posts) posts, seed \(seed): settled \(ContinuousClock.now - started) after the start;")
        print("  \(created) creations acknowledged, \(posts - created) without an answer")
        try await checkVisible(storm, entries, found)
        try await checkEvents(storm, entries, found)
        try await storm.stop()
    }

    /// The posts and their publications, once nothing is under way any more.
    private func settled(_ storm: Storm) async throws -> [String: JSONValue] {
        let open = ["SCHEDULED", "PUBLISHING"]
        let posts = try await until(within: .seconds(300), "every post settles", every: .milliseconds(500)) {
            let posts = try await storm.organization.all("/api/posts")
            return posts.contains { open.contains($0["status"]?.string ?? "") } ? nil : posts
        }
        let path = "/api/webhooks/\(storm.webhook)/deliveries"
        try await until(within: .seconds(180), "every delivery is made", every: .milliseconds(500)) {
            let open = try await storm.organization.call("GET", path + "?state=pending,in_flight,retrying&limit=1")
            return open.json["data"]?.array == [] ? true : nil
        }
        return Dictionary(posts.map { ($0["id"]?.string ?? "", $0) }) { first, _ in first }
    }

    private func checkVisible(_ storm: Storm, _ entries: [StormLog.Entry], _ posts: [String: JSONValue]) async throws {
        let ledger = try await storm.visible()
        var count: [String: Int] = [:]
        for post in ledger { count["\(post.platform) \(post.text)", default: 0] += 1 }
        #expect(count.filter { $0.value > 1 } == [:], "visible twice")

        var byStatus: [String: Int] = [:]
        for post in posts.values { byStatus[post["status"]?.string ?? "", default: 0] += 1 }
        print("  by status: \(byStatus.sorted { $0.key < $1.key }); visible on the platforms: \(ledger.count)")

        for entry in entries {
            let seen = { (text: String) in Storm.platforms.filter { count["\($0) \(text)"] != nil } }
            let changed = entry.caption + ", changed"
            // Old and new words together: then a change was acknowledged although something had been published.
            #expect(Set(seen(entry.caption)).isDisjoint(with: seen(changed)), "both words of \(entry)")
            guard let id = entry.id else { continue }
            guard !entry.isDeleted else {
                #expect(posts[id] == nil, "\(entry) was deleted")
                // A deletion is acknowledged before anything is sent, or after everything was.
                #expect([[], Storm.platforms].contains(seen(entry.caption)), "\(entry)")
                continue
            }
            guard let post = posts[id] else {
                #expect(entry.isOpen && entry.wish == .deleted, "acknowledged and lost: \(entry)")
                continue
            }
            let words = try #require(post["caption"]?.string)
            if let acknowledged = entry.changedTo { #expect(words == acknowledged) }
            if entry.isDue { #expect(post["status"]?.string != "DRAFT", "\(entry)") }
            try await checkPublications(storm, post, entry, words, count)
        }
    }

    /// What the server says of each publication is what the platform shows.
    private func checkPublications(
        _ storm: Storm, _ post: JSONValue, _ entry: StormLog.Entry, _ words: String, _ count: [String: Int]
    ) async throws {
        let id = post["id"]?.string ?? ""
        for publication in try await storm.organization.all("/api/posts/\(id)/publications") {
            let platform = publication["platform"]?.string ?? ""
            let isVisible = count["\(platform) \(words)"] == 1
            switch publication["state"]?.string {
            case "PUBLISHED": #expect(isVisible, "says PUBLISHED and is not: \(publication.text)")
            case "NEEDS_ATTENTION": break
            default: #expect(!isVisible, "is visible and says otherwise: \(publication.text)")
            }
            let journal = (publication["journal"]?.array ?? []).compactMap { $0["state"]?.string }
            if isVisible { #expect(journal.contains("ARMED"), "sent before it was armed: \(publication.text)") }
        }
        // Every fault here passes by itself, so everything acknowledged gets there.
        if entry.isDue { #expect(post["status"]?.string == "PUBLISHED", "\(post.text)") }
    }

    private func checkEvents(_ storm: Storm, _ entries: [StormLog.Entry], _ posts: [String: JSONValue]) async throws {
        var bodies: [String: [UInt8]] = [:]
        var copies = 0
        var sequences: Set<Int> = []
        for request in storm.receiver.requests {
            let id = try #require(request.header("webhook-id"))
            copies += 1
            #expect(bodies[id] == nil || bodies[id] == request.body, "one webhook-id, two bodies: \(id)")
            bodies[id] = request.body
            sequences.insert(request.header("X-Audenci-Sequence").flatMap { Int($0) } ?? 0)
        }
        #expect(sequences == Set(1...max(bodies.count, 1)), "a gap in the sequence")

        var arrived: [String: [String]] = [:]
        for body in bodies.values {
            let payload = try JSONValue(parsing: body)
            let data = payload["data"]
            let words = [payload["event"]?.string, data?["status"]?.string].compactMap { $0 }.joined(separator: " ")
            arrived[data?["postId"]?.string ?? "", default: []].append(words)
        }
        for (id, post) in posts where post["status"]?.string == "PUBLISHED" {
            let first = entries.first { $0.id == id }.map { $0.wish == .draft ? "DRAFT" : "SCHEDULED" }
            let events = (arrived[id] ?? []).sorted()
            let expected = [
                "post.published", "post.status_changed PUBLISHED", "post.status_changed PUBLISHING",
            ]
            let told = ["post.created", "post.scheduled", "post.updated"]
            #expect(events.filter { event in !told.contains { event.hasPrefix($0) } } == expected, "\(post.text)")
            let creations = events.filter { $0.hasPrefix("post.created") }
            #expect(creations.count == 1)
            if let first { #expect(creations == ["post.created \(first)"]) }
        }
        // Acknowledged deliveries stay acknowledged: the log says of every event what the receiver knows.
        let log = try await storm.organization.all("/api/webhooks/\(storm.webhook)/deliveries")
        #expect(log.count == bodies.count)
        #expect(Set(log.compactMap { $0["state"]?.string }) == ["succeeded"])
        print("  events: \(bodies.count) arrived, \(copies - bodies.count) requests beyond one for each (refusals included)")
    }
}
