/// What a server said it can do, from its reply to EHLO.
struct SMTPCapabilities: Hashable {
    private(set) var hasStartTLS = false
    /// Upper case, in the server's order.
    private(set) var mechanisms: [String] = []

    init() {}

    init(_ reply: SMTPReply) {
        // The first line is a greeting.
        for line in reply.lines.dropFirst() {
            // Old servers write AUTH=PLAIN.
            let words = line.uppercased().split { $0 == " " || $0 == "=" }.map(String.init)
            switch words.first {
            case "STARTTLS": hasStartTLS = true
            case "AUTH": mechanisms += words.dropFirst().filter { !mechanisms.contains($0) }
            case _: break
            }
        }
    }
}
