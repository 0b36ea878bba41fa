extension PublishRequest {
    /// The caption with the link under it, for platforms that have no field for a link; once if the caption holds it already.
    var captionWithLink: String { Self.caption(caption, with: link) }

    static func caption(_ caption: String, with link: String?) -> String {
        guard let link, !link.isEmpty, !caption.contains(link) else { return caption }
        return caption.isEmpty ? link : caption + "\n\n" + link
    }
}
