import Contract
package import Core
import PayloadFormats

/// What a post that an automation makes says; its texts may hold placeholders.
package struct PostTemplate: Sendable {
    /// Absent: the event's brand.
    package var brandID: BrandID?
    package var title: String?
    package var caption: String?
    package var link: String?
    /// Absent: those of the event's post.
    package var platforms: [Platform]?
    package var campaignID: CampaignID?
    package var categoryID: CategoryID?
    package var tags: [String] = []

    /// True when nothing is said.
    var isEmpty: Bool {
        brandID == nil && title == nil && caption == nil && link == nil && platforms == nil && campaignID == nil
            && categoryID == nil && tags.isEmpty
    }
}

/// An action that makes a post.
protocol PostForm: ActionForm {
    var post: PostTemplate { get set }
}

extension PostForm {
    /// Everything of the post but its caption, whose part differs.
    static var postFields: [InputField<Self>] {
        [
            InputField("brandId", "The post's brand; the event's, when absent.") { $0.post.brandID = $1 },
            InputField("title", "A name for people; placeholders are filled in.", .template(1...500)) { $0.post.title = $1 },
            InputField("link", "A link that belongs to the text; placeholders are filled in.", .template(1...2048)) {
                $0.post.link = $1
            },
            InputField("platforms", "Where it goes; where the event's post goes, when absent.", .count(1...14)) {
                $0.post.platforms = $1
            },
            InputField("campaignId", "The campaign that it belongs to.") { $0.post.campaignID = $1 },
            InputField("categoryId", "Its category.") { $0.post.categoryID = $1 },
            InputField("tags", "Free labels.", .count(0...50), .each(.length(1...80))) { $0.post.tags = $1 },
        ]
    }
}

extension Rule where Value == String {
    /// A text that can be filled in.
    static func template(_ range: ClosedRange<Int>) -> Self {
        let length = Self.length(range)
        return Rule(length.keywords) { text in
            if let issue = length.check(text) { return issue }
            do throws(FormatIssue) {
                _ = try TextTemplate(text)
                return nil
            } catch {
                return error.description
            }
        }
    }
}
