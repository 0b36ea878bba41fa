import Core
import Testing

@testable import Platforms

@Suite struct CaptionRulesTests {
    @Test(arguments: [
        ("", 0), ("hello", 5), ("é", 1), ("e\u{301}", 1), ("👩‍👩‍👧‍👦", 1), ("https://a.example", 23),
        ("https://a.example/\(String(repeating: "x", count: 400))", 23), ("see https://a.example.", 28),
        ("(http://b.example/x)", 25), ("https://a.example https://b.example", 47), ("http://", 7), ("https:// x", 10),
        ("ftp://a.example", 15), ("@ada@social.example hi", 7), ("ada@mail.example", 16), ("@ada", 4), ("a:b::c", 6),
    ])
    func mastodonCountsURLsAsTwentyThreeAndMentionsWithoutHost(text: String, length: Int) {
        #expect(CaptionRules.length(of: text, on: .mastodon) == length)
    }

    @Test func othersCountWhatIsThere() {
        #expect(CaptionRules.length(of: "https://a.example @ada@social.example", on: .instagram) == 37)
    }

    @Test func aLongCaptionSaysItsLengthAndTheLimit() {
        let issues = CaptionRules.issues(caption: String(repeating: "a", count: 501), mediaCount: 0, platform: .mastodon)
        #expect(issues.map(\.kind) == [.captionTooLong])
        #expect(issues.first?.count == 501)
        #expect(issues.first?.limit == 500)
        #expect(issues.first?.message == "The caption has 501 characters; Mastodon takes 500.")
    }

    @Test func theLinkCountsWhereItIsPartOfTheText() {
        let caption = String(repeating: "a", count: 480)
        let link = "https://a.example"
        #expect(CaptionRules.issues(caption: caption, link: link, mediaCount: 0, platform: .mastodon).map(\.count) == [505])
        #expect(
            CaptionRules.issues(caption: caption + link, link: link, mediaCount: 0, platform: .mastodon).map(\.count) == [503])
        let long = String(repeating: "a", count: 63_206)
        #expect(CaptionRules.issues(caption: long, link: link, mediaCount: 0, platform: .facebook).isEmpty)
        #expect(
            CaptionRules.issues(caption: long, link: link, mediaCount: 1, platform: .facebook).map(\.kind) == [.captionTooLong])
    }

    @Test func theContentWarningCountsToo() {
        let issues = CaptionRules.issues(
            caption: String(repeating: "a", count: 490), contentWarning: "eleven char", mediaCount: 0, platform: .mastodon)
        #expect(issues.map(\.count) == [501])
    }

    @Test func instagramCountsHashtagsAndMentions() {
        let tags = (1...31).map { "#tag\($0)" }.joined(separator: " ")
        let names = (1...21).map { "@name\($0)" }.joined(separator: ", ")
        let issues = CaptionRules.issues(caption: "\(tags) \(names)", mediaCount: 1, platform: .instagram)
        #expect(issues.map(\.kind) == [.tooManyHashtags, .tooManyMentions])
        #expect(issues.map(\.count) == [31, 21])
        let none = "C# a#b #1 ## # @ mail@a.example https://a.example/#top https://a.example/@ada"
        #expect(
            CaptionRules.issues(caption: String(repeating: none + " ", count: 25), mediaCount: 1, platform: .instagram).isEmpty)
    }

    @Test func emptyPostsAndTooManyPicturesAreNamed() {
        #expect(CaptionRules.issues(caption: " \n", mediaCount: 0, platform: .facebook).map(\.kind) == [.emptyPost])
        #expect(CaptionRules.issues(caption: "", mediaCount: 1, platform: .facebook).isEmpty)
        #expect(CaptionRules.issues(caption: "", link: "https://a.example", mediaCount: 0, platform: .facebook).isEmpty)
        #expect(CaptionRules.issues(caption: "x", mediaCount: 11, platform: .instagram).map(\.kind) == [.tooManyMedia])
        #expect(CaptionRules.issues(caption: "x", mediaCount: 5, platform: .mastodon).map(\.limit) == [4])
    }

    @Test func aMissingPictureIsNoIssueButNeedsACard() {
        #expect(CaptionRules.issues(caption: "x", mediaCount: 0, platform: .instagram).isEmpty)
        #expect(CaptionRules.needsCard(mediaCount: 0, platform: .instagram))
        #expect(!CaptionRules.needsCard(mediaCount: 1, platform: .instagram))
        #expect(!CaptionRules.needsCard(mediaCount: 0, platform: .mastodon))
        #expect(!CaptionRules.needsCard(mediaCount: 0, platform: .tiktok))
    }

    @Test func aPlatformWithoutConnectorHasNoOpinion() {
        #expect(CaptionRules.issues(caption: "", mediaCount: 99, platform: .tiktok).isEmpty)
    }
}
