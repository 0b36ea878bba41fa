import Core
import Outbound
import Testing

@testable import Platforms

/// Byte for byte what Graph gets from the Instagram and Facebook connectors.
@Suite struct GraphWireTests {
    private let base = "https://graph.example/v25.0"
    private let id = Bench.account

    @Test func aSinglePictureIsAContainerThenPublished() async throws {
        let transport = ScriptedTransport(
            .json(#"{"id":"178"}"#), .json(#"{"status_code":"IN_PROGRESS","id":"178"}"#),
            .json(#"{"status_code":"FINISHED","id":"178"}"#), .json(#"{"id":"179"}"#),
            .json(#"{"permalink":"https://www.instagram.com/p/x/","id":"179"}"#))
        let session = Bench.session(.instagram, transport)
        let post = Bench.post("Hi & bye", link: "https://a.example")
        guard case .ready(let prepared) = await InstagramConnector().prepare(post, on: session) else {
            Issue.record("not ready")
            return
        }
        #expect(prepared.handles == ["178"])
        let outcome = await InstagramConnector().publish(post, prepared: prepared, on: session)
        #expect(outcome.postID == "179")
        #expect(outcome.permalink == "https://www.instagram.com/p/x/")
        #expect(
            transport.requests.map(\.line) == [
                "POST \(base)/\(id)/media", "GET \(base)/178?fields=status_code%2Cstatus",
                "GET \(base)/178?fields=status_code%2Cstatus", "POST \(base)/\(id)/media_publish",
                "GET \(base)/179?fields=permalink",
            ])
        #expect(
            transport.requests[0].bodyText
                == "image_url=https%3A%2F%2Fmedia.example%2F0.jpg&caption=Hi%20%26%20bye%0A%0Ahttps%3A%2F%2Fa.example"
                + "&alt_text=Picture%200")
        #expect(transport.requests[3].bodyText == "creation_id=178")
        #expect(transport.requests[3].retriesStaleConnection == false)
    }

    @Test func aCarouselWaitsForItsItems() async throws {
        let transport = ScriptedTransport(
            .json(#"{"id":"1"}"#), .json(#"{"id":"2"}"#), .json(#"{"status_code":"FINISHED"}"#),
            .json(#"{"status_code":"FINISHED"}"#), .json(#"{"id":"3"}"#), .json(#"{"status_code":"FINISHED"}"#))
        guard
            case .ready(let prepared) = await InstagramConnector().prepare(
                Bench.post("Two", pictures: 2), on: Bench.session(.instagram, transport))
        else {
            Issue.record("not ready")
            return
        }
        #expect(prepared.handles == ["3"])
        #expect(
            transport.requests.filter { $0.method == "POST" }.map(\.bodyText) == [
                "image_url=https%3A%2F%2Fmedia.example%2F0.jpg&is_carousel_item=true&alt_text=Picture%200",
                "image_url=https%3A%2F%2Fmedia.example%2F1.jpg&is_carousel_item=true&alt_text=Picture%201",
                "media_type=CAROUSEL&children=1%2C2&caption=Two",
            ])
    }

    @Test(arguments: [
        ("Error: Media upload has failed with error code 2207026", PublishFailure.Class.final, "media_rejected"),
        ("Error: 2207053", .beforeEffect, "media_processing_failed"),
        ("no number at all", .beforeEffect, "media_processing_failed"),
        ("99999999999999999999999 2207003", .beforeEffect, "media_fetch_failed"),
    ])
    func aFailedContainerSaysWhy(status: String, failureClass: PublishFailure.Class, code: String) async {
        let transport = ScriptedTransport(
            .json(#"{"id":"178"}"#), .json(#"{"status_code":"ERROR","status":"\#(status)","id":"178"}"#))
        let failure = await InstagramConnector().prepare(Bench.post(), on: Bench.session(.instagram, transport)).failure
        #expect(failure?.failureClass == failureClass)
        #expect(failure?.code == code)
        #expect(failure?.platformMessage == status)
    }

    @Test func aContainerThatNeverEndsIsGivenUpAfterFiveMinutes() async {
        let clock = Ambient.fixed().1
        let start = clock.now
        let transport = ScriptedTransport(
            [.json(#"{"id":"178"}"#)] + Array(repeating: .json(#"{"status_code":"IN_PROGRESS"}"#), count: 11))
        let outcome = await InstagramConnector().prepare(
            Bench.post(), on: Bench.session(.instagram, transport, clock: clock))
        #expect(outcome.failure?.code == "media_processing")
        #expect(outcome.failure?.failureClass == .beforeEffect)
        #expect(clock.now - start == .seconds(300))
    }

    @Test func notReadyAtPublishingAsksTheContainer() async {
        let notReady = ScriptedTransport.Step.json(
            #"{"error":{"message":"m","code":9007,"error_subcode":2207027}}"#, status: 400)
        for (state, failureClass) in [
            ("IN_PROGRESS", PublishFailure.Class.beforeEffect), ("FINISHED", .beforeEffect), ("PUBLISHED", .ambiguous),
            ("nonsense", .ambiguous),
        ] {
            let transport = ScriptedTransport(notReady, .json(#"{"status_code":"\#(state)"}"#))
            let outcome = await InstagramConnector().publish(
                Bench.post(), prepared: .init(handles: ["178"]), on: Bench.session(.instagram, transport))
            #expect(outcome.failure?.failureClass == failureClass, "\(state)")
            #expect(transport.requests.filter { $0.method == "POST" }.count == 1)
        }
    }

    @Test func aPagePostWithPicturesUploadsThemUnpublishedAndAttachesThem() async throws {
        let transport = ScriptedTransport(
            .json(#"{"id":"11"}"#), .json(#"{"id":"12"}"#), .json(#"{"id":"1_99"}"#),
            .json(#"{"permalink_url":"https://www.facebook.com/1_99","id":"1_99"}"#))
        let session = Bench.session(.facebook, transport)
        let post = Bench.post("Hi", pictures: 2, link: "https://a.example")
        guard case .ready(let prepared) = await FacebookConnector().prepare(post, on: session) else {
            Issue.record("not ready")
            return
        }
        let outcome = await FacebookConnector().publish(post, prepared: prepared, on: session)
        #expect(outcome.postID == "1_99")
        #expect(outcome.permalink == "https://www.facebook.com/1_99")
        #expect(
            transport.requests.map(\.line) == [
                "POST \(base)/\(id)/photos", "POST \(base)/\(id)/photos", "POST \(base)/\(id)/feed",
                "GET \(base)/1_99?fields=permalink_url",
            ])
        let upload = transport.requests[0]
        let parts = try #require(MultipartBody.parts(of: upload.body, contentType: upload.header("Content-Type") ?? ""))
        #expect(parts.map(\.name) == ["published", "alt_text_custom", "source"])
        #expect(parts[0].bytes == Array("false".utf8))
        #expect(parts[1].bytes == Array("Picture 0".utf8))
        #expect(parts[2].bytes == post.media[0].bytes)
        #expect(
            transport.requests[2].bodyText
                == "message=Hi%0A%0Ahttps%3A%2F%2Fa.example&attached_media%5B0%5D=%7B%22media_fbid%22%3A%2211%22%7D"
                + "&attached_media%5B1%5D=%7B%22media_fbid%22%3A%2212%22%7D&published=true")
    }

    @Test func aPagePostWithALinkNamesItInItsOwnField() async throws {
        let transport = ScriptedTransport(.json(#"{"id":"1_99"}"#), .json("{}"))
        _ = await FacebookConnector().publish(
            Bench.post("Hi", pictures: 0, link: "https://a.example"), prepared: .init(), on: Bench.session(.facebook, transport)
        )
        #expect(transport.requests[0].bodyText == "message=Hi&link=https%3A%2F%2Fa.example&published=true")
    }

    @Test func pagesOfAListAreAskedByCursorAndNeverByTheirURL() async throws {
        let entry = #"{"id":"1","message":"other","created_time":"2026-02-03T10:30:00+0000"}"#
        let transport = ScriptedTransport(
            .json(#"{"data":[\#(entry)],"paging":{"cursors":{"after":"c&1"},"next":"https://evil.example/?access_token=x"}}"#),
            .json(#"{"data":[],"paging":{}}"#))
        let armedAt = try #require(Instant(iso8601: "2026-02-03T10:30:00Z"))
        let looked = await FacebookConnector().reconcile(
            Bench.post(pictures: 0, armedAt: armedAt), prepared: .init(), on: Bench.session(.facebook, transport))
        #expect(looked.kind == "absent")
        let fields =
            "id%2Cmessage%2Ccreated_time%2Cpermalink_url%2Cattachments%7B"
            + "media_type%2Cunshimmed_url%2Csubattachments%7Bmedia_type%7D%7D"
        let query = "fields=\(fields)&since=\(armedAt.seconds - 60)&limit=25"
        #expect(
            transport.requests.map(\.line) == [
                "GET \(base)/\(id)/published_posts?\(query)", "GET \(base)/\(id)/published_posts?\(query)&after=c%261",
            ])
    }
}
