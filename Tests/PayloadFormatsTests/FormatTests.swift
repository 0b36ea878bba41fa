import Core
import Testing

@testable import PayloadFormats

private let published = """
    {"event":"post.published","timestamp":"2026-02-03T10:30:00Z","data":{"postId":"clx123abc","title":"Summer <Sale> & \\"more\\" 🎉","platforms":["instagram","facebook"],"platformResults":{"instagram":{"success":true,"postId":"1","url":"https://insta.example/p/1"}}},"organizationId":"clx789xyz","brandId":"clx456def"}
    """

private func event(_ body: String = published, type: String = "post.published", isTest: Bool = false) -> OutgoingEvent {
    OutgoingEvent(
        eventID: "evt1", type: type, body: Array(body.utf8), isTest: isTest, publicURL: "https://audenci.example")
}

private func rendered(
    _ format: PayloadFormat, version: PayloadVersion = .seed, _ options: JSONValue = [:],
    event given: OutgoingEvent = event(), url: String = "https://receiver.example/hook"
) throws -> OutgoingPayload {
    let options = try FormatOptions(json: options)
    try PayloadRenderer.check(format, options)
    return try PayloadRenderer.render(given, version: version, format: format, options: options, url: url)
}

private func json(_ payload: OutgoingPayload) throws -> JSONValue { try JSONValue(parsing: payload.body) }

@Suite struct PayloadVersionTests {
    @Test func theSeedsBodyIsSentUntouched() throws {
        let payload = try rendered(.audenci)
        #expect(String(decoding: payload.body, as: UTF8.self) == published)
        #expect(payload.contentType == "application/json")
        #expect(payload.method == "POST")
        #expect(payload.url == "https://receiver.example/hook")
    }

    @Test func standardHasIdAndTypeBeforeTheRest() throws {
        let body = try json(rendered(.audenci, version: .standard))
        #expect(body.object?.map(\.key) == ["id", "type", "timestamp", "data", "organizationId", "brandId"])
        #expect(body["id"] == "evt1")
        #expect(body["type"] == "post.published")
        #expect(body["data"] == (try JSONValue(parsing: published))["data"])
    }

    @Test(arguments: [PayloadFormat.audenci, .cloudevents])
    func cloudEventsHaveEveryRequiredAttribute(format: PayloadFormat) throws {
        let payload = try rendered(format, version: .cloudevents)
        let body = try json(payload)
        #expect(payload.contentType == "application/cloudevents+json")
        #expect(body["specversion"] == "1.0")
        #expect(body["id"] == "evt1")
        #expect(body["source"] == "https://audenci.example/organizations/clx789xyz")
        #expect(body["type"] == "com.audenci.post.published")
        #expect(body["subject"] == "clx123abc")
        #expect(body["time"] == "2026-02-03T10:30:00Z")
        #expect(body["datacontenttype"] == "application/json")
        // Attribute names are lower-case letters and digits only.
        for member in body.object ?? [] { #expect(member.key.allSatisfy { $0.isLowercase || $0.isNumber }) }
    }

    @Test func thinHasIdsAndWhereTheRestIs() throws {
        let body = try json(rendered(.audenci, version: .thin))
        #expect(body["data"] == ["postId": "clx123abc"])
        #expect(body["url"] == "https://audenci.example/api/events/evt1")
    }

    @Test func whatIsTooLargeIsSentThinAndSaysSo() throws {
        func body(_ count: Int) -> String {
            let start = #"{"event":"post.created","timestamp":"t","data":{"postId":"p","text":""#
            let end = #""},"organizationId":"o","brandId":null}"#
            return start + String(repeating: "x", count: count - start.utf8.count - end.utf8.count) + end
        }
        let fits = try rendered(.audenci, event: event(body(262_144), type: "post.created"))
        #expect(fits.body.count == 262_144)
        let cut = try json(rendered(.audenci, event: event(body(262_145), type: "post.created")))
        #expect(cut["event"] == "post.created")
        #expect(cut["data"] == ["postId": "p", "truncated": true, "url": "https://audenci.example/api/events/evt1"])
        #expect(cut["organizationId"] == "o")
    }

    @Test func aBatchIsAnArrayOfWhatEachWouldBe() throws {
        let events = [event(), event(#"{"event":"x","data":{}}"#, type: "x")]
        let payload = try PayloadRenderer.batch(events, version: .seed, url: "u")
        #expect(String(decoding: payload.body, as: UTF8.self) == "[\(published),{\"event\":\"x\",\"data\":{}}]")
        let standard = try JSONValue(parsing: PayloadRenderer.batch(events, version: .standard, url: "u").body)
        #expect(standard.array?.map { $0["id"] } == ["evt1", "evt1"])
    }
}

@Suite struct ServiceFormatTests {
    @Test func slackEscapesWhatUsersWroteAndNotifiesNobody() throws {
        let loud = published.split(separator: "Summer").joined(separator: "<!channel> Summer")
        let text = String(decoding: try rendered(.slack, event: event(loud)).body, as: UTF8.self)
        #expect(!text.contains("<!channel>"))
        #expect(text.contains("&lt;!channel&gt; Summer &lt;Sale&gt; &amp; "))
        let body = try JSONValue(parsing: text)
        #expect(body["blocks"]?[0]?["type"] == "section")
        #expect(body["text"]?.string?.contains("is live on instagram and facebook") == true)
        #expect(body["blocks"]?[1]?["fields"]?[1]?["text"]?.string == "*instagram*\nhttps://insta.example/p/1")
    }

    @Test func discordPingsNobodyAndStaysWithinItsLimits() throws {
        let long = String(repeating: "👩‍👩‍👧‍👦", count: 5000)
        let body = try json(
            rendered(
                .discord,
                event: event(
                    #"{"event":"post.failed","data":{"title":"\#(long)","failureSummary":"\#(long)"}}"#, type: "post.failed")))
        #expect(body["allowed_mentions"] == ["parse": []])
        let embed = body["embeds"]?[0]
        #expect(embed?["title"]?.string?.count == 256)
        #expect(embed?["title"]?.string?.hasSuffix("👩‍👩‍👧‍👦…") == true)
        #expect(embed?["fields"]?[0]?["value"]?.string?.count == 900)
        #expect(embed?["color"] == 0xD93025)
    }

    @Test func teamsGetsAnAdaptiveCard() throws {
        let attachment = try json(rendered(.teams))["attachments"]?[0]
        #expect(attachment?["contentType"] == "application/vnd.microsoft.card.adaptive")
        #expect(attachment?["content"]?["type"] == "AdaptiveCard")
        #expect(attachment?["content"]?["body"]?[1]?["facts"]?[0] == ["title": "Platforms", "value": "instagram, facebook"])
    }

    @Test func googleChatNotifiesNobodyWhateverACaptionSays() throws {
        let loud = published.split(separator: "Summer").joined(separator: "<users/all> Summer")
        let text = try #require(try json(rendered(.googleChat, event: event(loud)))["text"]?.string)
        #expect(text.contains("users/all> Summer"))
        #expect(!text.contains("<users/all>"))
    }

    @Test func googleChatGetsText() throws {
        #expect(try json(rendered(.googleChat))["text"]?.string?.hasPrefix("“Summer <Sale>") == true)
    }

    @Test func telegramIsEscapedAsHTMLAndNeedsAChat() throws {
        let body = try json(rendered(.telegram, ["chatId": -100123]))
        #expect(body["chat_id"] == "-100123")
        #expect(body["parse_mode"] == "HTML")
        #expect(body["text"]?.string?.contains("Summer &lt;Sale&gt; &amp;") == true)
        #expect(throws: FormatIssue.self) { try rendered(.telegram) }
    }

    @Test(arguments: [("https://ntfy.sh/acme", "acme"), ("https://ntfy.example/acme?x=1", "acme")])
    func ntfyIsPublishedToTheTopicOfItsURL(url: String, topic: String) throws {
        let payload = try rendered(.ntfy, url: url)
        #expect(payload.url + topic == url.prefix { $0 != "?" })
        #expect(try json(payload)["topic"]?.string == topic)
    }

    @Test func twilioGetsAFormAndASMSThatFits() throws {
        let payload = try rendered(
            .twilio, ["from": "+15005550006", "to": "+4917012345"],
            event: event(
                #"{"event":"post.failed","data":{"failureSummary":"\#(String(repeating: "ä", count: 4000))"}}"#,
                type: "post.failed"))
        let text = String(decoding: payload.body, as: UTF8.self)
        #expect(payload.contentType == "application/x-www-form-urlencoded")
        #expect(text.hasPrefix("From=%2B15005550006&To=%2B4917012345&Body=A%20post%20could%20not%20be%20published."))
        #expect(text.split(separator: "%C3%A4", omittingEmptySubsequences: false).count > 1000)
        #expect(text.split(separator: "%C3%A4", omittingEmptySubsequences: false).count < 1600)
    }

    @Test func formsCarryEveryScalarWithItsPathAndNumbersExactly() throws {
        let body = #"{"event":"e","data":{"a":[1.5,true],"b":null,"n":12345678901234567,"t":"x y&=ü"}}"#
        let text = String(decoding: try rendered(.form, event: event(body, type: "e")).body, as: UTF8.self)
        #expect(
            text == "event=e&data.a.0=1.5&data.a.1=true&data.b=&data.n=12345678901234567&data.t=x%20y%26%3D%C3%BC")
    }

    @Test(arguments: [
        ("https://hooks.slack.com/services/T/B/x", PayloadFormat.slack), ("https://discord.com/api/webhooks/1/x", .discord),
        ("https://discord.com/other", nil), ("https://acme.webhook.office.com/x", .teams),
        ("https://prod-1.westeurope.logic.azure.com:443/workflows/x", .teams),
        ("https://chat.googleapis.com/v1/spaces/x/messages", .googleChat),
        ("https://api.telegram.org/bot1:x/sendMessage", .telegram),
        ("https://hooks.slack.com.evil.example/", nil), ("https://example.com/?u=hooks.slack.com", nil),
    ])
    func knownServicesAreFoundOutFromTheURL(url: String, format: PayloadFormat?) {
        #expect(PayloadRenderer.detected(from: url) == format)
    }

    @Test(arguments: PayloadFormat.allCases)
    func everyFormatIsTheSameOnEveryAttempt(format: PayloadFormat) throws {
        let options: [PayloadFormat: JSONValue] = [
            .telegram: ["chatId": "1"], .twilio: ["from": "1", "to": "2"], .template: ["template": "{{data.title}}"],
        ]
        let first = try rendered(format, options[format] ?? [:])
        #expect(first.body == (try rendered(format, options[format] ?? [:])).body)
        #expect(!first.body.isEmpty)
    }
}

@Suite struct TemplateTests {
    private func text(_ template: String, type: String? = nil, event given: OutgoingEvent = event()) throws -> String {
        var options: [JSONValue.Member] = [.init("template", .string(template))]
        if let type { options.append(.init("contentType", .string(type))) }
        return String(decoding: try rendered(.template, .object(options), event: given).body, as: UTF8.self)
    }

    @Test func valuesAreEscapedForJSON() throws {
        let text = try text(#"{"t":"{{data.title}}","all":{{{json(data.platformResults)}}}}"#)
        let body = try JSONValue(parsing: text)
        #expect(body["t"] == "Summer <Sale> & \"more\" 🎉")
        #expect(body["all"]?["instagram"]?["success"] == true)
    }

    @Test func sectionsListsAndTransformsWork() throws {
        #expect(try text("{{#data.platforms}}[{{.}}]{{/data.platforms}}", type: "text/plain") == "[instagram][facebook]")
        #expect(
            try text("{{^data.missing}}none{{/data.missing}} {{date(timestamp)}}", type: "text/plain")
                == "none 2026-02-03 10:30 UTC")
        #expect(try text("{{id}} {{event}} {{uppercased(data.postId)}}", type: "text/plain") == "evt1 post.published CLX123ABC")
    }

    @Test func aGETTemplateBecomesTheQuery() throws {
        let payload = try rendered(
            .template, ["template": "title={{data.title}}&id={{data.postId}}", "method": "GET"], url: "https://r.example/x?k=1")
        #expect(payload.method == "GET")
        #expect(payload.body.isEmpty)
        #expect(
            payload.url == "https://r.example/x?k=1&title=Summer%20%3CSale%3E%20%26%20%22more%22%20%F0%9F%8E%89&id=clx123abc")
    }

    @Test(arguments: [
        "{{>partial}}", "{{<parent}}{{/parent}}", "{{$block}}{{/block}}", "{{=<% %>=}}", "{{% CONTENT_TYPE:TEXT}}",
        "{{> *name}}",
        "{{#a}}{{#b}}{{#c}}{{#d}}x{{/d}}{{/c}}{{/b}}{{/a}}", "{{#open}}", "{{unclosed", "{{/never}}",
    ])
    func whatCouldReachOutOrRunAwayIsRefused(template: String) {
        #expect(throws: FormatIssue.self) { try text(template) }
    }

    @Test func aTemplateThatGrowsTooLargeIsRefusedNotRendered() throws {
        let list = "[" + Array(repeating: "1", count: 5000).joined(separator: ",") + "]"
        let wide = event(#"{"event":"e","data":{"l":\#(list)}}"#, type: "e")
        #expect(throws: FormatIssue.self) {
            try text("{{#data.l}}{{#data.l}}{{#data.l}}x{{/data.l}}{{/data.l}}{{/data.l}}", event: wide)
        }
        #expect(throws: FormatIssue.self) { try text(String(repeating: "{{json(data)}}", count: 50), event: wide) }
    }

    @Test func aServicesMessageMayBeTheUsersOwnWords() throws {
        let body = try json(rendered(.slack, ["template": "New: {{data.title}}"]))
        #expect(body["text"] == "New: Summer &lt;Sale&gt; &amp; \"more\" 🎉")
    }

    @Test(
        arguments: [
            ("colour", ["colour": "red"] as JSONValue), ("priority", ["priority": 6]), ("method", ["method": "DELETE"]),
            ("chatId", ["chatId": ""]), ("tags", ["tags": [1]]), ("template", ["template": ""]), ("", [1]),
        ] as [(String, JSONValue)])
    func wrongOptionsAreNamed(field: String, options: JSONValue) {
        #expect { try FormatOptions(json: options) } throws: { ($0 as? FormatIssue)?.field == field }
    }

    @Test func optionsSurviveBeingStored() throws {
        let options: JSONValue = [
            "chatId": "1", "from": "2", "to": "3", "topic": "4", "template": "5", "contentType": "a/b", "method": "PUT",
            "priority": 2, "tags": ["x"],
        ]
        let read = try FormatOptions(json: options)
        #expect(try FormatOptions(json: read.json) == read)
    }
}
