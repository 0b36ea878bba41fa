import Imaging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A program that is an image worker, or behaves as a worker that a file has taken over.
@main
enum ImageWorkerStub {
    static func main() {
        switch CommandLine.arguments.dropFirst().first {
        case "image-worker": ImageWorkerProcess.run()
        case "hang": while true { pause() }
        case "spin": spin()
        case "crash": kill(getpid(), SIGSEGV)
        case "leave": exit(3)
        case "no-library": exit(WorkerExit.noLibrary.rawValue)
        case "silent": break
        case "garbage": say("\u{1}\u{2}not a line of JSON\n{}")
        case "lie": say(#"{"bytes":[900000000]}"# + "\nx")
        case "wrong-picture": say(#"{"bytes":[9]}"# + "\n<svg></a>")
        case "flood": while say(String(repeating: "flood ", count: 10_000)) {}
        case "closed":
            close(STDIN_FILENO)
            close(STDOUT_FILENO)
            while true { pause() }
        default: exit(64)
        }
    }

    @discardableResult
    private static func say(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return write(STDOUT_FILENO, bytes, bytes.count) == bytes.count
    }

    /// Uses up two seconds of processor time, which is what it may have.
    private static func spin() {
        var limit = rlimit(rlim_cur: 1, rlim_max: 2)
        setrlimit(__rlimit_resource_t(0), &limit)
        var number: UInt64 = 1
        while number != 0 { number = number &* 6_364_136_223_846_793_005 &+ 1 | 1 }
    }
}
