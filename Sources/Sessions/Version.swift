/// Which nnb this is.
public enum Version {
    public static let current = "0.1.0"

    /// The family of processors that the program was built for.
    public static var instructionSet: String {
        #if arch(x86_64)
        "x86-64"
        #elseif arch(arm64)
        "arm64"
        #else
        "other"
        #endif
    }
}
