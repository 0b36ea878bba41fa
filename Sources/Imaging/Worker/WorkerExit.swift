/// How a worker ends, other than well. Numbers as in sysexits.h where it has one.
package enum WorkerExit: Int32, Sendable {
    /// The request made no sense.
    case badRequest = 64
    /// The image library is not there, or not whole.
    case noLibrary = 70
    /// It could not give up what it must not have.
    case notConfined = 71
    /// Nobody reads the answer.
    case notRead = 74

    /// The operator's trouble, in words; nil for what the file, or the server, has to do with.
    var operatorsTrouble: String? {
        switch self {
        case .noLibrary: "it cannot load libvips 8 (on Debian: apt-get install libvips42)"
        case .notConfined: "it cannot limit itself; the system refuses setrlimit"
        case .badRequest, .notRead: nil
        }
    }
}
