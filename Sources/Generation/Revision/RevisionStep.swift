package import Core

/// One change of a plan, as an instruction in words can ask for it.
package enum RevisionStep: Hashable, Sendable {
    /// A part of the day, in the brand's zone.
    package enum DayPart: String, Hashable, Sendable, CaseIterable {
        case morning, noon, afternoon, evening

        /// The minutes of the day that belong to it.
        var minutes: ClosedRange<Int> {
            switch self {
            case .morning: (7 * 60)...(11 * 60 + 45)
            case .noon: (12 * 60)...(13 * 60 + 45)
            case .afternoon: (13 * 60)...(17 * 60 + 45)
            case .evening: (18 * 60)...(21 * 60 + 45)
            }
        }
    }

    /// Nothing on these weekdays, 1 for Monday to 7 for Sunday.
    case avoid(weekdays: Set<Int>)
    case move(to: DayPart)
    /// Everything at that minute of the day.
    case at(minuteOfDay: Int)
    case more(ContentType)
    case fewer(ContentType)
    case removeType(ContentType)
    case removePlatform(Platform)
    case onlyPlatform(Platform)
    case removePillar(id: String)
    case removeCategory(id: String)
    case morePillar(id: String)
    /// The post of that number, from 1.
    case removePost(number: Int)
}
