import Foundation
import PackagePlugin

/// Puts the modules of `stdlib/` into the binary: every `NAME.nnb` there becomes an entry of a table in a generated
/// Swift file, so that a new module is a new file and nothing else.
@main
struct EmbedStdlib: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let script = context.package.directoryURL.appending(path: "Sources/Plugins/EmbedStdlib/embed.sh")
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedModules.swift")
        let modules = try FileManager.default.contentsOfDirectory(at: target.directoryURL, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "nnb" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        return [
            .buildCommand(
                displayName: "Embedding stdlib",
                executable: URL(filePath: "/bin/sh"),
                arguments: ([script, output] + modules).map { $0.path(percentEncoded: false) },
                inputFiles: [script] + modules,
                outputFiles: [output])
        ]
    }
}
