import Charts
import Diagnostics
import Language

/// The keywords that every function that draws takes for its axes.
enum PanelOptions {
    static let parameters: [Builtin.Parameter] = [
        .init("title", "string", .absent, .keyword, "stands above; $x_1$ and the like are understood in all texts"),
        .init("xlabel", "string", .absent, .keyword, "stands below the x axis"),
        .init("ylabel", "string", .absent, .keyword, "stands beside the y axis"),
        .init("legend", "bool or string", .absent, .keyword, "false for none, or its place: \"best\", \"upper right\", \"upper left\", \"lower right\", \"lower left\""),
        .init("xscale", "string", .absent, .keyword, "\"linear\" or \"log\""),
        .init("yscale", "string", .absent, .keyword, "\"linear\" or \"log\""),
        .init("grid", "bool", .absent, .keyword, "whether lines go through the ticks; they do by default"),
        .init("xlim", "two numbers", .absent, .keyword, "ends of the x axis, none for an end that follows the data"),
        .init("ylim", "two numbers", .absent, .keyword, "ends of the y axis, none for an end that follows the data"),
        .init("aspect", "string", .absent, .keyword, "\"equal\" for the same unit on both axes, or \"auto\""),
    ]

    /// Sets what is given; `first` is the place of `title` among the call's parameters.
    static func apply(_ call: borrowing Call, from first: Int, to panel: inout Panel) throws(Failure) {
        if let title = try call.optionalString(first) { panel.title = title }
        if let label = try call.optionalString(first + 1) { panel.x.label = label }
        if let label = try call.optionalString(first + 2) { panel.y.label = label }
        if !call.isAbsent(first + 3) { panel.legend = try legend(call, first + 3) }
        if let scale = try scale(call, first + 4) { panel.x.scale = scale }
        if let scale = try scale(call, first + 5) { panel.y.scale = scale }
        // MATLAB's habit is grid("on").
        if let word = call[first + 6].string, word == "on" || word == "off" {
            panel.grid = word == "on"
        } else if let grid = try call.optionalBool(first + 6) {
            panel.grid = grid
        }
        if !call.isAbsent(first + 7) { (panel.x.lower, panel.x.upper) = try limits(call, first + 7, panel.x.scale) }
        if !call.isAbsent(first + 8) { (panel.y.lower, panel.y.upper) = try limits(call, first + 8, panel.y.scale) }
        if let aspect = try call.optionalString(first + 9) {
            guard ["equal", "auto"].contains(aspect) else { throw call.refused(first + 9, "must be \"equal\" or \"auto\"") }
            panel.equalUnits = aspect == "equal"
        }
    }

    private static func legend(_ call: borrowing Call, _ index: Int) throws(Failure) -> Legend {
        if let isShown = call[index].bool { return isShown ? .automatic : .none }
        if let name = call[index].string, let place = Legend(rawValue: name) { return place }
        throw call.refused(
            index, "must be true, false or one of \(Legend.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))",
            help: "names of series are given by label=")
    }

    private static func scale(_ call: borrowing Call, _ index: Int) throws(Failure) -> Axis.Scale? {
        guard let name = try call.optionalString(index) else { return nil }
        guard let scale = Axis.Scale(rawValue: name) else { throw call.refused(index, "must be \"linear\" or \"log\"") }
        return scale
    }

    private static func limits(
        _ call: borrowing Call, _ index: Int, _ scale: Axis.Scale
    ) throws(Failure) -> (Double?, Double?) {
        var ends: [Double?] = []
        if let items = call[index].items {
            for item in items {
                guard item.isNumber || item.isNone else { throw call.unexpected(index, "two numbers, as [0, 1]") }
                ends.append(item.isNone ? nil : item.number)
            }
        } else {
            ends = try call.numbers(index)
        }
        guard ends.count == 2 else { throw call.unexpected(index, "two numbers, as [0, 1]", given: "\(ends.count) of them") }
        for end in ends {
            guard let end else { continue }
            guard end.isFinite else { throw call.refused(index, "must be finite") }
            guard scale == .linear || end > 0 else { throw call.refused(index, "must be above 0 on a log axis") }
        }
        guard ends[0] == nil || ends[0] != ends[1] else { throw call.refused(index, "must have two different ends") }
        return (ends[0], ends[1])
    }
}

/// Reads colours, markers and the like, with errors that name what there is.
enum StyleReader {
    static func colour(_ call: borrowing Call, _ index: Int) throws(Failure) -> Colour? {
        guard let name = try call.optionalString(index) else { return nil }
        if let colour = Colour(name) { return colour }
        throw unknown(call, index, name)
    }

    static func unknown(_ call: borrowing Call, _ index: Int, _ name: String) -> Failure {
        let near = Nearest.match(name.lowercased(), in: Colour.names.keys.sorted())
        return call.refused(
            index, "must be a colour: a name, a letter of \"bgrcmykw\", \"C0\" to \"C7\" or \"#rrggbb\"",
            help: near.map { "did you mean \"\($0)\"?" })
    }

    static func marker(_ call: borrowing Call, _ index: Int) throws(Failure) -> Marker? {
        guard let name = try call.optionalString(index), name != "", name.lowercased() != "none" else { return nil }
        if name.count == 1, let sign = name.first, let marker = Marker(sign: sign) { return marker }
        if let marker = Marker.all.first(where: { $0.name == name }) { return marker }
        let signs = Marker.all.map { "\"\($0.sign)\" \($0.name)" }.joined(separator: ", ")
        throw call.refused(index, "must be a marker", help: "there are \(signs)")
    }

    /// A number above 0, for widths and sizes.
    static func size(_ call: borrowing Call, _ index: Int, most: Double = 50) throws(Failure) -> Double? {
        guard let size = try call.optionalNumber(index) else { return nil }
        guard size > 0, size <= most else { throw call.refused(index, "must be above 0 and at most \(Int(most))") }
        return size
    }

    static func alpha(_ call: borrowing Call, _ index: Int) throws(Failure) -> Double? {
        guard let alpha = try call.optionalNumber(index) else { return nil }
        guard (0...1).contains(alpha) else { throw call.refused(index, "must lie between 0 (unseen) and 1 (opaque)") }
        return alpha
    }
}
