// swift-tools-version: 6.1
import PackageDescription

// LIBXSMM makes code for x86-64; elsewhere the other libraries do all products.
#if os(Linux) && arch(x86_64)
let smallProducts: [LinkerSetting] = [.linkedLibrary("xsmm"), .linkedLibrary("xsmmnoblas")]
#else
let smallProducts: [LinkerSetting] = []
#endif

/// The house, ground floor first: a target imports only what stands above it.
let package = Package(
    name: "nnb",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "nnb", targets: ["nnb"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    ],
    targets: [
        // System libraries, one small C target each.
        .target(name: "COneDNN"),
        .target(name: "COpenBLAS"),
        .target(name: "CXSMM", linkerSettings: smallProducts),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
        .target(name: "CData", exclude: ["iris.csv", "breast-cancer.csv", "quijote.txt"]),
        .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
        .systemLibrary(name: "CDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"]), .brew(["libmd"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "CKernels"),

        .target(name: "Diagnostics"),
        .target(name: "Interchange"),
        .target(name: "Tensors", dependencies: ["Diagnostics", "CKernels", "COneDNN", "COpenBLAS"]),
        .target(name: "Charts"),
        .target(name: "Autodiff", dependencies: ["Tensors"]),
        .target(name: "Neural", dependencies: ["Interchange", "Tensors", "Autodiff", "CKernels", "COneDNN", "COpenBLAS", "CXSMM"]),
        .target(name: "Language", dependencies: ["Diagnostics", "Tensors"]),
        .target(
            name: "Builtins",
            dependencies: ["Autodiff", "Language", "Neural", "Charts", "CZlib", "CDigest", "CCurl", "CData"]),
        .plugin(name: "EmbedStdlib", capability: .buildTool(), path: "Sources/Plugins/EmbedStdlib"),
        .target(name: "Stdlib", path: "stdlib", plugins: ["EmbedStdlib"]),
        .target(name: "Sessions", dependencies: ["Builtins", "Language", "Stdlib"]),
        .target(name: "Notebooks", dependencies: ["Interchange", "Sessions", "CDigest"]),
        .target(name: "Terminal", dependencies: ["Sessions", "CEdit"]),
        .executableTarget(
            name: "nnb",
            dependencies: [
                "Notebooks", "Terminal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "nnb-bench", dependencies: ["Sessions", "Neural"], exclude: ["peers"]),
        .executableTarget(name: "nnb-fuzz", dependencies: ["Notebooks", "Sessions"]),

        .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
        .testTarget(name: "InterchangeTests", dependencies: ["Interchange"]),
        .testTarget(name: "TensorsTests", dependencies: ["Tensors"], exclude: ["Golden"]),
        .testTarget(name: "ChartsTests", dependencies: ["Charts"], exclude: ["Golden"]),
        .testTarget(name: "AutodiffTests", dependencies: ["Autodiff"], exclude: ["References"]),
        .testTarget(name: "NeuralTests", dependencies: ["Neural"], exclude: ["Golden"]),
        .testTarget(name: "LanguageTests", dependencies: ["Language", "Builtins"], exclude: ["Cases", "Syntax/Misuse", "Syntax/Misuse.txt"]),
        .testTarget(name: "BuiltinsTests", dependencies: ["Builtins", "Sessions"]),
        .testTarget(name: "SessionsTests", dependencies: ["Sessions", "Stdlib"]),
        .testTarget(name: "NotebooksTests", dependencies: ["Interchange", "Notebooks"]),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal", "Sessions"]),
        .testTarget(name: "CommandTests", dependencies: ["nnb", "Notebooks"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)
