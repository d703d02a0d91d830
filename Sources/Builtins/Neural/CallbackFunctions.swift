import Diagnostics
import Language
import Neural
import Tensors

/// What `callbacks=` of `fit` takes, beside functions `(epoch, logs) -> ...` of the user's.
enum CallbackFunctions {
    static let builtins: [Builtin] = [checkpoint, earlyStopping, rateSchedule]

    private static let monitor = Builtin.Parameter(
        "monitor", "string", .none, .keyword, "what is watched, by default \"val_loss\" where there is validation and else \"loss\"")

    private static let mode = Builtin.Parameter(
        "mode", "string", .string("auto"), .keyword, "whether \"min\" or \"max\" is better; \"auto\" takes greater accuracy and r2 as better and less of losses, mse and mae, and asks about metrics of yours")

    static let earlyStopping = Builtin(
        "early_stopping", "Ends a training when what is watched has not improved for so many epochs, and takes the weights back that were best.",
        [
            .init("patience", "whole number > 0", .number(10), .positional, "epochs without a gain until it ends"),
            monitor,
            .init("least_change", "number >= 0", .number(0), .keyword, "what is not more than this is no gain"),
            .init("restore", "bool", .bool(true), .keyword, "whether the best weights are taken back at the end"),
            mode,
        ],
        example: "stop = early_stopping(patience=5); net = sequential(input(1), dense(1)); fit(net, [1; 2], [2, 4], epochs=100, callbacks=[stop], verbose=false); stop.best_epoch"
    ) { call throws(Failure) in
        let patience = try call.int(0), change = try call.number(2)
        guard patience > 0 else { throw call.refused(0, "must be 1 or more") }
        guard change >= 0, change.isFinite else { throw call.refused(2, "must be 0 or more") }
        return Value(
            native: EarlyStopping(
                patience: patience, watch: try Watch(call.optionalString(1), call.watchMode(4), leastChange: change), restores: try call.bool(3)))
    }

    static let checkpoint = Builtin(
        "checkpoint", "Saves the network after each epoch in which what is watched was better than ever before.",
        [
            .init("path", "string", .required, .positional, "the file, as for save; {epoch} in it is replaced by the epoch's number"),
            monitor,
            .init("best", "bool", .bool(true), .keyword, "false saves after every epoch"),
            mode,
        ],
        example: "fit(sequential(input(1), dense(1)), [1; 2], [2, 4], verbose=false, callbacks=[checkpoint(\"best.safetensors\")])"
    ) { call throws(Failure) in
        let path = try call.string(0)
        guard !path.isEmpty, !path.utf8.contains(0) else { throw call.refused(0, "must be the name of a file") }
        return Value(native: Checkpoint(path, onlyBest: try call.bool(2), watch: try Watch(call.optionalString(1), call.watchMode(3))))
    }

    static let rateSchedule = Builtin(
        "rate_schedule", "Sets the learning rate before each epoch by a function of the epoch, from 1, and the rate so far.",
        [.init("f", "function (epoch, rate) -> number", .required, .positional, "gives the learning rate")],
        example: "rate_schedule((epoch, rate) -> if epoch > 10 { rate * 0.9 } else { rate })"
    ) { call throws(Failure) in Value(native: RateSchedule(try call.function(0))) }
}

extension Call {
    fileprivate func watchMode(_ index: Int) throws(Failure) -> Watch.Mode {
        if let mode = Watch.Mode(rawValue: try string(index)) { return mode }
        throw refused(index, "must be \"auto\", \"min\" or \"max\"")
    }
}
