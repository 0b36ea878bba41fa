package import Contract
import Core

package struct MediaAPI: Sendable {
    let media: MediaStore
    let folders: MediaFolderStore
    let uploads: MediaUploadStore
    let fetcher: any MediaFetcher

    package init(media: MediaStore, folders: MediaFolderStore, uploads: MediaUploadStore, fetcher: any MediaFetcher) {
        self.media = media
        self.folders = folders
        self.uploads = uploads
        self.fetcher = fetcher
    }

    package var endpoints: [Endpoint] { library + pieces + folderEndpoints }

    private var library: [Endpoint] {
        let id = PathParameter("id", as: MediaID.self, "The medium.")
        return [
            Endpoint(
                "GET", "/api/media", id: "media.list", "List the media library, newest first.", scope: .readOnly,
                QueryParameters(MediaFilter.self), PageParameters()
            ) { caller, filter, page in Paged(try await media.list(filter, for: caller, page: page)) },
            Endpoint(
                "POST", "/api/media", id: "media.upload",
                "Add a JPEG, PNG, GIF, WebP, MP4 or MOV of up to 100 MB. Its type is read from its bytes; pictures lose EXIF.",
                scope: .readWrite, errors: [.quotaExceeded, .unsupportedMediaType, .payloadTooLarge], bodyLimit: 100_000_000,
                canRehearse: false, FileBody(), QueryParameters(MediaDetails.self)
            ) { caller, file, details in
                var details = details
                // A browser may send a whole path: only its end is a name.
                details.filename =
                    details.filename ?? file.filename.map { String($0.split { "/\\".contains($0) }.last ?? "upload") }
                let added = try await media.add(file.bytes, try details.checked(), source: .upload, for: caller)
                return Created(added, at: "/api/media/\(added.id)")
            },
            Endpoint(
                "POST", "/api/media/from-url", id: "media.fromUrl", "Add what a public https URL shows.", scope: .readWrite,
                errors: [.quotaExceeded, .unsupportedMediaType], canRehearse: false, JSONBody(MediaFromURLInput.self)
            ) { caller, input in
                let bytes = try await fetcher.fetch(input.url)
                var details = input.details
                details.filename = details.filename ?? Self.name(of: input.url)
                let added = try await media.add(bytes, details, source: .url, for: caller)
                return Created(added, at: "/api/media/\(added.id)")
            },
            Endpoint("GET", "/api/media/{id}", id: "media.get", "Get a medium.", scope: .readOnly, id) { caller, id in
                OK(try await media.get(id, for: caller))
            },
            Endpoint(
                "PUT", "/api/media/{id}", id: "media.update",
                "Change what is said of a medium; absent fields stay, null clears.",
                scope: .readWrite, id, JSONBody(MediaInput.self)
            ) { caller, id, input in OK(try await media.update(id, with: input, for: caller)) },
            Endpoint(
                "DELETE", "/api/media/{id}", id: "media.delete", "Delete a medium and its bytes.", scope: .readWrite,
                role: .manager, errors: [.conflict], id
            ) { caller, id in
                try await media.delete(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
            Endpoint(
                "GET", "/api/media/{id}/content", id: "media.content", "Get the bytes of a medium, or of a rendition.",
                scope: .readOnly, id, QueryParameters(ContentChoice.self)
            ) { caller, id, choice in
                let medium = try await media.get(id, for: caller)
                let part = choice.rendition ?? "original"
                let rendition = medium.renditions.first { $0.title == part }
                guard part == "original" || rendition != nil,
                    let (size, send) = try await media.vault.pieces(
                        of: MediaStore.key(id, in: caller.organizationID, part: part))
                else { throw APIError.notFound("rendition") }
                return Streamed(
                    FileContent.self, contentType: rendition?.mimeType ?? medium.mimeType,
                    headers: [("Content-Length", String(size))], stream: send)
            },
        ]
    }

    package struct ContentChoice: APIQuery {
        var rendition: String?
        package init() {}
        package static let parameters: [QueryParameter<Self>] = [
            QueryParameter("rendition", "thumbnail, or a platform; the medium itself, when absent.") { $0.rendition = $1 }
        ]
    }

    private static func name(of url: String) -> String {
        let path = url.prefix { $0 != "?" && $0 != "#" }
        let last = path.split(separator: "/").last.map(String.init) ?? ""
        return Rule<String>.filename.check(last) == nil ? last : "download"
    }

    private var pieces: [Endpoint] {
        let id = PathParameter("id", as: MediaUploadID.self, "The upload.")
        return [
            Endpoint(
                "POST", "/api/media/uploads", id: "media.beginUpload", "Begin to upload a large file in pieces.",
                scope: .readWrite, JSONBody(MediaUploadInput.self)
            ) { caller, input in
                let upload = try await uploads.begin(input, for: caller)
                return Created(upload, at: "/api/media/uploads/\(upload.id)")
            },
            Endpoint(
                "GET", "/api/media/uploads/{id}", id: "media.getUpload", "Get where an upload goes on.", scope: .readOnly, id
            ) { caller, id in OK(try await uploads.get(id, in: caller.organizationID)) },
            Endpoint(
                "PATCH", "/api/media/uploads/{id}", id: "media.continueUpload",
                "Send the next piece, at most 16 MiB. With the last one the answer holds the medium.", scope: .readWrite,
                errors: [.conflict, .quotaExceeded, .unsupportedMediaType], bodyLimit: MediaUploadStore.largestPiece,
                canRehearse: false, id,
                RequiredHeader("Upload-Offset", as: Int.self, "Where the piece begins.", example: 0, .range(0...Int.max)),
                RawBody(["application/offset+octet-stream", "application/octet-stream"], "The bytes of the piece.")
            ) { caller, id, offset, bytes in
                OK(try await uploads.take(bytes, at: Int64(offset), of: id, for: caller))
            },
            Endpoint(
                "DELETE", "/api/media/uploads/{id}", id: "media.cancelUpload", "Throw away what has arrived of an upload.",
                scope: .readWrite, canRehearse: false, id
            ) { caller, id in
                try await uploads.cancel(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
        ]
    }

    private var folderEndpoints: [Endpoint] {
        let id = PathParameter("id", as: MediaFolderID.self, "The folder.")
        return [
            Endpoint("GET", "/api/media/folders", id: "folders.list", "List the folders.", scope: .readOnly, PageParameters()) {
                caller, page in Paged(try await folders.list(in: caller.organizationID, page: page))
            },
            Endpoint(
                "POST", "/api/media/folders", id: "folders.create", "Create a folder.", scope: .readWrite,
                JSONBody(MediaFolderInput.self)
            ) { caller, input in
                let folder = try await folders.create(input, for: caller)
                return Created(folder, at: "/api/media/folders/\(folder.id)")
            },
            Endpoint("GET", "/api/media/folders/{id}", id: "folders.get", "Get a folder.", scope: .readOnly, id) { caller, id in
                OK(try await folders.get(id, in: caller.organizationID))
            },
            Endpoint(
                "PUT", "/api/media/folders/{id}", id: "folders.update", "Rename or move a folder.", scope: .readWrite, id,
                JSONBody(MediaFolderInput.self)
            ) { caller, id, input in OK(try await folders.update(id, with: input, for: caller)) },
            Endpoint(
                "DELETE", "/api/media/folders/{id}", id: "folders.delete", "Delete a folder; what is in it moves one up.",
                scope: .readWrite, role: .manager, id
            ) { caller, id in
                try await folders.delete(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
        ]
    }
}
