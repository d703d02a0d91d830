#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

enum Locale {
    /// Makes the C library, and with it libedit, take text for UTF-8, whatever the environment says. Only for characters:
    /// numbers keep their point.
    static func useUTF8() {
        for name in ["", "C.UTF-8", "en_US.UTF-8", "UTF-8"] where setlocale(LC_CTYPE, name) != nil {
            if let codeset = nl_langinfo(nl_item(CODESET)), String(cString: codeset) == "UTF-8" { return }
        }
    }
}
