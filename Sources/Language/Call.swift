import Diagnostics
import Tensors

/// How the body of a builtin reads its arguments. Each reader checks the type and fails with a sentence that names the
/// parameter, what was expected and what was given.
extension Call {
    public func isGiven(_ index: Int) -> Bool { !arguments[index].isMissing }
}
