/// The standard library: the `.nnb` files beside this one, which the build puts into the binary.
public enum StandardLibrary {
    /// All modules, sorted.
    public static var names: [String] { embeddedModules.keys.sorted() }

    /// The text of a module; nil where there is none of that name.
    public static func text(of module: String) -> String? { embeddedModules[module] }
}
