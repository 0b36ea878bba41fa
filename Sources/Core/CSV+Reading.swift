extension CSV {
    /// One record of a file, and the line that it begins in, from 1.
    package struct Row: Sendable, Hashable {
        package var line: Int
        package var cells: [String]
    }

    /// Reads RFC 4180 with either kind of line end; empty lines are left out. A quote that is never closed ends with the file.
    package static func rows(_ text: String) -> [Row] {
        var rows: [Row] = []
        var cells: [String] = []
        var cell = ""
        var isQuoted = false, wasQuoted = false
        var line = 1, start = 1
        func endRow() {
            cells.append(cell)
            if cells.count > 1 || !cell.isEmpty || wasQuoted { rows.append(Row(line: start, cells: cells)) }
            cells = []
            cell = ""
            wasQuoted = false
        }
        var scalars = text.unicodeScalars.makeIterator()
        var pending = scalars.next()
        if pending == "\u{FEFF}" { pending = scalars.next() }
        while let scalar = pending {
            pending = scalars.next()
            if scalar == "\n" { line += 1 }
            if isQuoted {
                guard scalar == "\"" else { cell.unicodeScalars.append(scalar); continue }
                if pending == "\"" {
                    cell.append("\"")
                    pending = scalars.next()
                } else {
                    isQuoted = false
                }
            } else if scalar == "\"", cell.isEmpty {
                isQuoted = true
                wasQuoted = true
            } else if scalar == "," {
                cells.append(cell)
                cell = ""
            } else if scalar == "\n" {
                endRow()
                start = line
            } else if scalar != "\r" || pending != "\n" {
                cell.unicodeScalars.append(scalar)
            }
        }
        endRow()
        return rows
    }
}
