package import Contract
package import Core

/// One part of a thread: what follows the post itself, as a reply to the part before it.
package struct ThreadPart: Sendable {
    package var caption: String
    package var media: [PostMedia]

    package init(caption: String, media: [PostMedia] = []) {
        self.caption = caption
        self.media = media
    }
}

extension ThreadPart: APIObject {
    package static let name = "ThreadPart"
    package static let properties: [Property<Self>] = [
        Property("caption", "Its text.") { $0.caption },
        Property("media", "Its pictures.") { $0.media },
    ]
    package static let example = ThreadPart(caption: "And there is more to it.")
}

/// A part of a thread, as a request gives it.
package struct ThreadPartInput: APIInput {
    package var part = ThreadPart(caption: "")

    package init() {}

    package static let name = "ThreadPartInput"
    package static let fields: [InputField<Self>] = [
        InputField("caption", "Its text; each platform's own limit is checked as well.", required: true, .length(1...65_000)) {
            $0.part.caption = $1
        },
        InputField("media", "Its pictures; where the platform knows threads.", .ifSet(.count(0...10))) {
            (input: inout Self, value: Change<[PostMediaInput]>) in input.part.media = value.value?.map(\.media) ?? []
        },
    ]
    package static let example: JSONValue = ["caption": "And there is more to it."]
}

extension Post {
    /// How many publications follow the post itself on each account: the thread's parts, then the first comment.
    package var followUpCount: Int { thread.count + (firstComment == nil ? 0 : 1) }

    /// What a publication of that part shows; nil when the post has no such part. Part 0 is the post itself.
    package func part(_ number: Int) -> Post? {
        if number == 0 { return self }
        let place = number - 1
        guard place >= 0, place < followUpCount else { return nil }
        var part = self
        part.link = nil
        part.thread = []
        part.firstComment = nil
        if thread.indices.contains(place) {
            part.caption = thread[place].caption
            part.media = thread[place].media
        } else {
            part.caption = firstComment ?? ""
            part.media = []
        }
        return part
    }

    /// The first comment answers the post itself, a thread's part the part before it.
    package func partBefore(_ number: Int) -> Int { number > thread.count ? 0 : max(number - 1, 0) }
}
