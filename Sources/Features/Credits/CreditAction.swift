package import Contract

/// What costs credits, and how many: the price table of the product. Raw values are the API's and the ledger's.
package enum CreditAction: String, Sendable, CaseIterable, APIEnum {
    case post = "post"
    case planPost = "plan.post"
    case chatMessage = "chat.message"
    case caption = "caption"
    case postVariations = "post.variations"
    case hashtags = "hashtags"
    case image = "image"
    case imagePro = "image.pro"
    case imageEdit = "image.edit"
    case videoFourSeconds = "video.4s"
    case videoSixSeconds = "video.6s"
    case videoEightSeconds = "video.8s"
    case videoExtension = "video.extension"
    case carouselSlides = "carousel.slides"
    case blog = "blog"
    case newsletter = "newsletter"
    case whitepaper = "whitepaper"
    case caseStudy = "case_study"

    /// For one of it.
    package var credits: Int64 {
        switch self {
        case .hashtags: 0
        case .chatMessage, .caption: 1
        case .post, .planPost, .postVariations: 2
        case .imageEdit, .carouselSlides: 3
        case .image: 4
        case .newsletter: 6
        case .blog, .caseStudy: 10
        case .imagePro, .whitepaper: 12
        case .videoFourSeconds: 20
        case .videoSixSeconds: 30
        case .videoExtension: 35
        case .videoEightSeconds: 40
        }
    }

    package var summary: String {
        switch self {
        case .post: "A post, written"
        case .planPost: "A post of a content plan"
        case .chatMessage: "A message of a chat"
        case .caption: "Captions on a topic, for all platforms asked for"
        case .postVariations: "Variations of a post, for all its platforms"
        case .hashtags: "Hashtags"
        case .image: "A picture"
        case .imagePro: "A picture in Pro Mode"
        case .imageEdit: "An edit of a picture"
        case .videoFourSeconds: "A film of 4 seconds"
        case .videoSixSeconds: "A film of 6 seconds"
        case .videoEightSeconds: "A film of 8 seconds"
        case .videoExtension: "An extension of a film"
        case .carouselSlides: "The slides of a carousel"
        case .blog: "A blog article: titles 2, outline 2, text 6"
        case .newsletter: "A newsletter: outline 2, text 4"
        case .whitepaper: "A whitepaper: titles 2, outline 2, text 8"
        case .caseStudy: "A case study: solution 2, narrative 2, polish 6"
        }
    }
}

/// A line of the price table.
package struct CreditPrice: APIObject {
    package var action: CreditAction

    package static let name = "CreditPrice"
    package static let properties: [Property<Self>] = [
        Property("action", "What is done.") { $0.action },
        Property("credits", "What one of it costs.") { $0.action.credits },
        Property("summary", "The same in words.") { $0.action.summary },
    ]
    package static let example = CreditPrice(action: .image)
}
