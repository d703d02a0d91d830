// nnb-bench [name …]: runs the benchmarks of these names, or all of them.

let names = CommandLine.arguments.dropFirst()
for name in names where !benchmarks.contains(where: { $0.name == name }) {
    print("there is no benchmark \(name); there are:")
    for benchmark in benchmarks { print("  \(benchmark.name): \(benchmark.summary)") }
}
for benchmark in benchmarks where names.isEmpty || names.contains(benchmark.name) {
    print("\(benchmark.name): \(benchmark.summary)")
    do {
        try benchmark.run()
    } catch {
        print("  failed: \(error)")
    }
}
