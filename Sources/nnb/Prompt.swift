enum Prompt {
    static func start(seed: UInt64) throws {}
}
