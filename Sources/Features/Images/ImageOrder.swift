package import Core

/// An ``ImageInput`` as its worker reads it, with the ids of the media that it will make: a second attempt makes the same.
package struct ImageOrder: Sendable, Hashable {
    package var prompt: String
    package var platform: Platform?
    package var style: String?
    package var width: Int?
    package var height: Int?
    package var mediaIDs: [MediaID]

    package init(_ input: ImageInput, mediaIDs: [MediaID]) {
        prompt = input.prompt
        platform = input.platform
        style = input.style
        width = input.width
        height = input.height
        self.mediaIDs = mediaIDs
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("prompt", .string(prompt)), .init("mediaIds", .array(mediaIDs.map { .string($0.rawValue) })),
        ]
        if let platform { members.append(.init("platform", .string(platform.rawValue))) }
        if let style { members.append(.init("style", .string(style))) }
        if let width { members.append(.init("width", .int(Int64(width)))) }
        if let height { members.append(.init("height", .int(Int64(height)))) }
        return .object(members)
    }

    /// Nil for what another version wrote.
    package init?(stored text: String) {
        guard let json = try? JSONValue(parsing: text), let prompt = json["prompt"]?.string,
            let ids = json["mediaIds"]?.array?.compactMap(\.string), !ids.isEmpty
        else { return nil }
        self.prompt = prompt
        mediaIDs = ids.map { MediaID($0) }
        platform = json["platform"]?.string.flatMap(Platform.init(rawValue:))
        style = json["style"]?.string
        width = json["width"]?.int.map(Int.init)
        height = json["height"]?.int.map(Int.init)
    }
}
