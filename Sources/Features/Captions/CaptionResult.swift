package import Contract
package import Core

/// What a job for captions made.
package struct CaptionResult: APIObject {
    package var variants: [Variant]
    package var provider: String
    package var notes: [String]

    package init(variants: [Variant], provider: String, notes: [String]) {
        self.variants = variants
        self.provider = provider
        self.notes = notes
    }

    /// One caption for one platform.
    package struct Variant: APIObject {
        package var platform: Platform
        package var caption: String
        package var hashtags: [String]

        package init(platform: Platform, caption: String, hashtags: [String]) {
            self.platform = platform
            self.caption = caption
            self.hashtags = hashtags
        }

        package static let name = "CaptionVariant"
        package static let properties: [Property<Self>] = [
            Property("platform", "The platform that it fits.") { $0.platform },
            Property("caption", "The whole text with its hashtags, within the platform's length.") { $0.caption },
            Property("hashtags", "Its hashtags.") { $0.hashtags },
        ]
        package static let example = Variant(platform: .x, caption: "Rye, fresh every day. #rye", hashtags: ["#rye"])
    }

    package static let name = "CaptionResult"
    package static let properties: [Property<Self>] = [
        Property("variants", "The captions, by platform.") { $0.variants },
        Property("provider", "Who wrote them: a model, or offline-template for templates without AI.") { $0.provider },
        Property("notes", "What to know of them.") { $0.notes },
    ]
    package static let example = CaptionResult(variants: [.example], provider: "offline-template", notes: [])
}
