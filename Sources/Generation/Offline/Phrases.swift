/// The sentences that templates are made of. They ask, invite and announce; none states a fact, a number, a price or what
/// a customer said, since nobody here knows any.
///
/// `{subject}` is what the post is about, `{brand}` the brand's name.
enum Phrases {
    /// A way to look at a subject.
    struct Angle: Sendable {
        /// For the plan; completes `{subject}: ...`.
        let topic: String
        let openings: [String]
        let bodies: [String]
    }

    static let angles: [Angle] = [
        Angle(
            topic: "a question for your audience",
            openings: ["A question about {subject}.", "Let's talk about {subject}.", "We are curious about {subject}."],
            bodies: ["What is on your mind?", "What would you like to know?", "How do you see it?"]),
        Angle(
            topic: "behind the scenes",
            openings: [
                "Behind the scenes: {subject}.", "A look behind the scenes of {subject}.", "Up close: {subject}.",
            ],
            bodies: [
                "A look inside {brand}.", "Here is what usually stays out of the picture.", "Have a look around.",
            ]),
        Angle(
            topic: "a tip to share",
            openings: ["A thought on {subject}.", "One small idea for {subject}.", "Something to try: {subject}."],
            bodies: ["Keep it for later.", "Try it and tell us how it went.", "Small steps count."]),
        Angle(
            topic: "the basics explained",
            openings: ["Back to basics: {subject}.", "{subject}, explained step by step.", "New to {subject}?"],
            bodies: ["Start here.", "We take it one step at a time.", "Ask whatever you like."]),
        Angle(
            topic: "a story from the team",
            openings: ["A story about {subject}.", "{subject}, told by our team.", "What {subject} means to us at {brand}."],
            bodies: ["Do you have one too?", "Here is ours.", "Sit down for a moment and read on."]),
        Angle(
            topic: "ideas from your community",
            openings: ["Your ideas about {subject}, please.", "Your turn: {subject}.", "{subject}: over to you."],
            bodies: ["Every answer is welcome.", "What should come next?", "Who inspires you?"]),
        Angle(
            topic: "what is coming up",
            openings: ["More about {subject} soon.", "Coming up at {brand}: {subject}.", "Next up: {subject}."],
            bodies: ["Stay with us.", "What are you hoping for?", "Have a first look."]),
        Angle(
            topic: "a moment to look back",
            openings: ["Looking back: {subject}.", "Remember this? {subject}.", "A moment for {subject}."],
            bodies: ["What do you remember?", "It is good to pause now and then.", "Which moment is yours?"]),
    ]

    static let day = Angle(
        topic: "your view of the day",
        openings: ["Today is {subject}.", "It is {subject} today.", "{subject} is here."],
        bodies: [
            "What does this day mean to you?", "How are you spending it?", "A good reason to pause for a moment.",
            "We are thinking of it too.",
        ])

    /// How a post ends, by what the goals speak of; the first entry is for every goal.
    static let closings: [(words: [String], texts: [String])] = [
        ([], ["Tell us in the comments.", "Tell us what you think.", "Share this with somebody who would like it."]),
        (
            ["engage", "comment", "communit", "conversation"],
            ["We are looking forward to your comments.", "Write to us below.", "Tag somebody who should answer too."]
        ),
        (["aware", "reach", "known"], ["Share this with your friends.", "Pass it on."]),
        (
            ["sale", "lead", "traffic", "sign", "subscri", "book", "buy", "customer"],
            ["Want to know more? Send us a message.", "Write to us if you would like to know more."]
        ),
        (["follow", "grow"], ["Follow {brand} for more.", "Stay in touch with {brand}."]),
    ]

    /// Without subject or brand: for when those, or most words, are banned.
    static let plain = [
        "Have a look.", "What do you think?", "Tell us more.", "Your turn.", "More soon.", "Hello!", "News from us.",
        "Welcome.",
    ]

    static let emoji = ["✨", "💬", "👀", "🙌", "🌟", "👇"]

    static func closings(for goals: [String]) -> [String] {
        let goals = goals.joined(separator: " ").lowercased()
        return closings.filter { entry in entry.words.isEmpty || entry.words.contains { goals.contains($0) } }.flatMap(\.texts)
    }
}
