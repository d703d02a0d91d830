import Diagnostics
import Language
import Notebooks
import Sessions

/// Puts inputs through what reads them.
final class Trial {
    /// What can be wrong with an input short of ending the process.
    struct Fault: Error { var text: String }

    struct Counts {
        var parsed = 0
        var compiled = 0
        var ran = 0
        var notebooks = 0
    }

    let isRunning: Bool
    private(set) var counts = Counts()
    private var interpreter: Interpreter?
    private var trials = 0
    private let host = Silence()

    init(isRunning: Bool) { self.isRunning = isRunning }

    func put(_ bytes: [UInt8]) throws(Fault) {
        try notebook(bytes)
        let source = Source(name: "input", text: String(decoding: bytes, as: UTF8.self))
        _ = Parser.isIncomplete(source.text(Span(0, source.bytes.count)))
        let (program, diagnostics) = Parser.parse(source)
        try show(diagnostics, source)
        _ = Dependencies(of: program) { _ in nil }
        guard diagnostics.allSatisfy({ $0.severity != .error }) else { return }
        counts.parsed += 1
        // Names that are left from earlier inputs let more code be compiled; now and then all begins anew.
        trials += 1
        if trials % 200 == 1 || interpreter == nil { interpreter = fresh() }
        guard let interpreter else { return }
        let found = interpreter.check(program)
        try show(found, source)
        guard found.allSatisfy({ $0.severity != .error }) else { return }
        counts.compiled += 1
        if isRunning { try run(source) }
    }

    private func fresh() -> Interpreter {
        let interpreter = Session.interpreter(host: host)
        interpreter.limitsSteps = true
        return interpreter
    }

    private func run(_ source: Source) throws(Fault) {
        // By itself, so that the same input does the same thing again.
        let interpreter = fresh()
        interpreter.steps = 20_000
        Alarm.start()
        let outcome = interpreter.run(source)
        Alarm.stop()
        if !outcome.value.isMissing { _ = interpreter.text(outcome.value, .result(columns: 80)) }
        outcome.value.release()
        try show(outcome.diagnostics, source)
        if let bad = outcome.diagnostics.first(where: { $0.kind == .internal }) { throw Fault(text: "internal: \(bad.message)") }
        counts.ran += 1
    }

    private func show(_ diagnostics: [Diagnostic], _ source: Source) throws(Fault) {
        for diagnostic in diagnostics {
            let text = Renderer(colour: false, columns: 60).text(diagnostic)
            if diagnostic.message.isEmpty || text.isEmpty { throw Fault(text: "a diagnostic says nothing") }
            for label in diagnostic.labels where label.source === source {
                if label.span.start < 0 || label.span.end < label.span.start || Int(label.span.start) > source.bytes.count {
                    throw Fault(text: "a label lies outside: \(label.span)")
                }
            }
        }
        if diagnostics.count > 60 { throw Fault(text: "\(diagnostics.count) diagnostics") }
    }

    /// What is read without a mistake is the same after it was written and read again.
    private func notebook(_ bytes: [UInt8]) throws(Fault) {
        let (notebook, diagnostics) = NotebookReader.read(bytes, name: "input")
        for diagnostic in diagnostics { _ = Renderer(columns: 60).text(diagnostic) }
        guard diagnostics.allSatisfy({ $0.severity != .error }) else { return }
        counts.notebooks += 1
        let written = NotebookWriter.write(notebook)
        let (again, mistakes) = NotebookReader.read(written, name: "written")
        guard mistakes.allSatisfy({ $0.severity != .error }) else {
            throw Fault(text: "what was written cannot be read: \(mistakes.first?.message ?? "")")
        }
        guard again == notebook else { throw Fault(text: "what was written reads otherwise") }
        guard NotebookWriter.write(again) == written else { throw Fault(text: "what was read is written otherwise") }
    }
}

/// A world in which nothing is heard or found.
private final class Silence: Host {
    func write(_ text: String) {}
    func display(_ display: Display) {
        for (_, content) in display.forms { _ = content.utf8.count }
        _ = display.terminal?(60, false)
    }
    func progress(_ line: String?) {}
    func module(_ name: String) throws(Failure) -> Source? {
        Session.standardModule(name)
    }
    var isInteractive: Bool { false }
    var columns: Int { 60 }
}
