import CEdit
import Language

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Reads entries of one or several lines from a terminal, on libedit.
final class LineEditor {
    enum Entry: Equatable {
        case text(String)
        /// Ctrl-C
        case interrupted
        /// Ctrl-D on an empty line
        case end
    }

    /// Whether what stands there waits for more, so that Enter opens a further line.
    var isIncomplete: (String) -> Bool = { _ in false }
    /// What Tab does with the text before the cursor.
    var complete: (String) -> Completing = { _ in .nothing }

    enum Completing: Equatable {
        case nothing
        /// The last characters are exchanged for others.
        case replace(count: Int, with: String)
        /// Several are possible, these.
        case list([String])
    }

    let handle: OpaquePointer
    private let entries: OpaquePointer
    /// Characters that stand before what the terminal sends next.
    var pending: [Unicode.Scalar] = []
    private var wasInterrupted = false

    /// Nil where the terminal cannot be had.
    init?(program: String, history: [String]) {
        guard let handle = nnb_el_init(program), let entries = history_init() else { return nil }
        self.handle = handle
        self.entries = entries
        nnb_el_set_client(handle, Unmanaged.passUnretained(self).toOpaque())
        nnb_el_set_editor(handle, "emacs")
        nnb_el_set_signal(handle, 0)
        nnb_el_set_prompt(handle) { _ in LineEditor.prompt }
        nnb_el_set_reader(handle) { handle, character in
            guard let handle, let character, let editor = LineEditor.of(handle) else { return -1 }
            return editor.read(into: character)
        }
        nnb_history_set_size(entries, Int32(History.most))
        nnb_el_set_history(handle, entries)
        Keys.bind(handle)
        el_source(handle, nil)
        for entry in history { nnb_history_add(entries, entry) }
        WindowChange.install()
    }

    deinit {
        el_end(handle)
        history_end(entries)
    }

    static func of(_ handle: OpaquePointer) -> LineEditor? {
        nnb_el_get_client(handle).map { Unmanaged<LineEditor>.fromOpaque($0).takeUnretainedValue() }
    }

    /// libedit wants a C string that stays where it is.
    nonisolated(unsafe) private static let prompt = strdup("nnb> ")

    func remember(_ entry: String) { nnb_history_add(entries, entry) }

    func readEntry() -> Entry {
        wasInterrupted = false
        // What stopped the entry before is no request to this one.
        Interruption.clear()
        pending = []
        setPasteMarks(true)
        defer { setPasteMarks(false) }
        var count: Int32 = 0
        guard let line = el_gets(handle, &count), count > 0 else { return wasInterrupted ? .interrupted : .end }
        var text = String(cString: line)
        if text.hasSuffix("\n") { text.removeLast() }
        return .text(text)
    }

    /// Asks the terminal to mark what is pasted, so that its newlines and tabs are text.
    private func setPasteMarks(_ isOn: Bool) {
        let sequence = isOn ? "\u{1B}[?2004h" : "\u{1B}[?2004l"
        _ = write(STDOUT_FILENO, sequence, sequence.utf8.count)
    }

    // MARK: - What is typed

    /// The text and the part of it before the cursor.
    var line: (whole: String, beforeCursor: String) {
        guard let info = el_line(handle)?.pointee, let start = info.buffer else { return ("", "") }
        let whole = UnsafeBufferPointer(start: start, count: max(0, info.lastchar - start))
        let before = UnsafeBufferPointer(start: start, count: max(0, info.cursor - start))
        let text = { (bytes: UnsafeBufferPointer<CChar>) in String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
        return (text(whole), text(before))
    }

    func insert(_ text: String) { el_insertstr(handle, text) }

    /// Takes characters before the cursor away; libedit counts scalars.
    func delete(_ text: some StringProtocol) { el_deletestr(handle, Int32(clamping: text.unicodeScalars.count)) }

    /// The next character as libedit wants it: 1 with the character, 0 at the end, -1 where Ctrl-C came.
    private func read(into character: UnsafeMutablePointer<wchar_t>) -> Int32 {
        let next: Unicode.Scalar
        if pending.isEmpty {
            guard let scalar = readScalar() else { return wasInterrupted ? -1 : 0 }
            if scalar == "\r" || scalar == "\n", isIncomplete(line.whole) {
                // The key that opens a line, as if it had been Alt-Enter.
                pending = ["\r"]
                next = "\u{1B}"
            } else {
                next = scalar
            }
        } else {
            next = pending.removeFirst()
        }
        character.pointee = wchar_t(bitPattern: next.value)
        return 1
    }

    /// One scalar of what the terminal sends as UTF-8; nil at the end or after Ctrl-C. A zero is no key: the terminal makes
    /// it of a Ctrl-D that comes between two entries, and libedit would take the key after it literally.
    func readScalar() -> Unicode.Scalar? {
        var next = readByte()
        while next == 0 { next = readByte() }
        guard let first = next else { return nil }
        guard first >= 0xC0 else { return Unicode.Scalar(first) }
        var bytes = [first]
        let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        while bytes.count < count, let byte = readByte() { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self).unicodeScalars.first
    }

    private func readByte() -> UInt8? {
        var byte: UInt8 = 0
        while true {
            if Interruption.isRequested {
                Interruption.clear()
                wasInterrupted = true
                return nil
            }
            // A signal that comes just before the wait does not end it: so the wait is short, and is begun again.
            var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, 100)
            if ready == 0 { continue }
            let count = ready > 0 ? Glue.read(STDIN_FILENO, &byte) : -1
            if count == 1 { return byte }
            guard count < 0, errno == EINTR else { return nil }
            switch WindowChange.take() {
            case .size: el_resize(handle)
            case .resumption:
                nnb_el_prepare_terminal(handle, 1)
                nnb_el_refresh(handle)
            case nil: break
            }
        }
    }
}

private enum Glue {
    static func read(_ descriptor: Int32, _ byte: inout UInt8) -> Int {
        #if canImport(Darwin)
        Darwin.read(descriptor, &byte, 1)
        #else
        Glibc.read(descriptor, &byte, 1)
        #endif
    }
}
