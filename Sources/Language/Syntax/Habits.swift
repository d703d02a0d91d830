/// What people who come from Python, NumPy, Keras, PyTorch or MATLAB write by habit, and how it is said here. The
/// parser looks here when a statement makes no sense, the machine when a name, a field or a keyword is unknown.
public enum Habits {
    /// For a name that nothing defines.
    public static func hint(name: String) -> String? { names[name] ?? statements[name] }
    /// For `x.field` where there is no such field.
    public static func hint(field: String) -> String? { fields[field] }
    /// For `f(keyword=…)` where there is no such parameter.
    public static func hint(keyword: String) -> String? { keywords[keyword] }

    /// For more arguments than a function of the prelude takes.
    static func hint(call: String) -> String? {
        switch call {
        case "flatten": "flatten() is a layer; the elements of a tensor in a row are `X.ravel()`"
        case "dense": "it is dense(units, activation, bias=true): how many come in is not given, input(784) says it"
        default: nil
        }
    }
    /// For `x.add(…)`, where `add` of the prelude would make a layer of x.
    static func hint(addTo type: String) -> String? {
        switch type {
        case "network": "all layers are given at once, `net = sequential(input(2), dense(4), dense(1))`, or `net = net |> dense(1)`"
        case "tensor", "number": "write `x + y`; `X.push(x)` appends"
        case "string": "write `x + y`"
        case "list", "map": fields["add"]
        default: nil
        }
    }

    /// For a word that begins a statement which cannot be read on.
    static func hint(statement: String) -> String? { statements[statement] }

    private static let prelude = "these functions are built in: write `exp(x)`, `zeros(3)`, `mean(X)` without a module before them"
    private static let networks = "networks are built in: `sequential(input(784), dense(10, softmax))`, then `fit(net, X, y)`"
    private static let figures = "charts are built in: `plot(x, y)`, `scatter(x, y)`"
    private static let words = "it is given to the drawing itself: `plot(x, y, title=\"...\", xlabel=\"epoch\", yscale=\"log\", xlim=[0, 1])`"
    private static let learning = "these are built in: `train_test_split(X, y, test=0.2)`, `standardize(X)`, `load(\"iris\")`"
    private static let tables = "tables are built in: `read_csv(\"file.csv\")`"

    /// For a module that Python has and nothing here replaces by that name.
    static func hint(module: String) -> String? {
        switch module.split(separator: ".").first.map(String.init) ?? module {
        case "numpy", "np", "math", "random", "scipy", "jax", "cmath", "statistics": prelude
        case "keras", "tensorflow", "tf", "torch", "torchvision", "nn": networks
        case "matplotlib", "plt", "pylab", "seaborn", "sns", "plotly": figures
        case "sklearn": learning
        case "pandas", "pd": tables
        case "os", "sys", "time", "re", "json", "collections", "itertools", "functools", "typing", "warnings":
            "there are no modules of Python's library"
        default: nil
        }
    }

    private static let names: [String: String] = [
        "True": "write `true`", "TRUE": "write `true`", "False": "write `false`", "FALSE": "write `false`",
        "None": "write `none`; a new axis is `X[:, new]`", "null": "write `none`", "nil": "write `none`", "undefined": "write `none`",
        "NULL": "write `none`", "NaN": "write `nan`", "Inf": "write `inf`", "infinity": "write `inf`",
        "np": prelude, "numpy": prelude, "math": prelude, "random": "random draws are built in: `rand(3)`, `normal(0, 1, 10)`, `choice(xs)`",
        "scipy": prelude, "jax": prelude, "jnp": prelude, "tf": networks, "keras": networks, "torch": networks, "nn": networks,
        "tensorflow": networks, "F": networks, "sklearn": learning, "plt": figures, "sns": figures, "matplotlib": figures,
        "pd": tables, "pandas": tables,
        "this": "write `self`", "super": "classes have no inheritance", "object": "classes have no inheritance",
        "int": "there is one number type: `floor(x)`, `round(x)`; `number(s)` reads a string",
        "float": "there is one number type; `number(s)` reads a string, `astype(x, \"float32\")` changes a tensor",
        "double": "there is one number type; `number(s)` reads a string",
        "bool": "a comparison gives a bool: `x != 0`", "dict": "a map is written `{\"a\": 1}`",
        "tuple": "a tuple is written `(a, b)`", "set": "there are no sets: `unique(xs)`, or a map",
        "array": "a tensor is written `[1, 2, 3]`", "ndarray": "a tensor is written `[1, 2, 3]`",
        "asarray": "a tensor is written `[1, 2, 3]`", "matrix": "a matrix is written `[1, 2; 3, 4]`",
        "isinstance": "`type(x) == \"tensor\"` compares types", "open": "`read_csv(\"file.csv\")` reads a table",
        "Exception": "an error is raised by `error(\"...\")`", "ValueError": "an error is raised by `error(\"...\")`",
        "TypeError": "an error is raised by `error(\"...\")`", "RuntimeError": "an error is raised by `error(\"...\")`",
        "e": "Euler's number is `exp(1)`", "println": "write `print(x)`", "printf": "write `print(f\"{x:.3f}\")`",
        "disp": "write `print(x)`", "fprintf": "write `print(f\"{x:.3f}\")`", "length": "write `len(x)`",
        "size": "`X.shape` is the shape, `len(X)` the first of it", "numel": "`X.shape` is the shape, `len(X)` the first of it",
        "Sequential": "write `sequential(...)`", "Dense": "write `dense(units, activation)`",
        "Linear": "write `dense(units)`", "Input": "write `input(...)`", "Flatten": "write `flatten()`",
        "Model": networks, "Adam": "write `adam(0.001)`", "SGD": "write `sgd(0.01)`", "RMSprop": "write `rmsprop(0.001)`",
        "Adagrad": "write `adagrad(0.01)`", "ReLU": "write `relu`", "Sigmoid": "write `sigmoid`", "Tanh": "write `tanh`",
        "Softmax": "write `softmax`", "MSELoss": "write `mse`", "CrossEntropyLoss": "write `crossentropy`",
        "BCELoss": "write `binary_crossentropy`", "categorical_crossentropy": "write `crossentropy`",
        "sparse_categorical_crossentropy": "write `crossentropy`; it takes integer labels too",
        "mean_squared_error": "write `mse`", "mean_absolute_error": "write `mae`", "to_categorical": "write `one_hot(y)`",
        "StandardScaler": "write `standardize(X)`", "power": "write `x ^ n`", "pow": "write `x ^ n`",
        "matmul": "write `A @ B` or `A · B`", "mm": "write `A @ B` or `A · B`", "concatenate": "write `concat(a, b)`",
        "hstack": "write `concat(a, b, axis=1)`", "vstack": "write `concat(a, b, axis=0)`", "newaxis": "write `X[:, new]`",
        "maximum": "write `max(a, b)`", "minimum": "write `min(a, b)`", "absolute": "write `abs(x)`",
        "sigma": "write `sigmoid(z)`, or define σ(z) yourself", "logistic": "write `sigmoid(z)`",
        "xlabel": words, "ylabel": words, "title": words, "legend": words, "grid": words, "xlim": words, "ylim": words,
        "xscale": words, "yscale": words, "axis": words, "suptitle": words, "semilogy": words, "loglog": words,
        "subplots": "write `subplot(rows, columns, place)`", "contourf": "regions of a classifier: `boundary(net, X, y)`",
        "imread": "images are read by `load_idx`", "image": "write `imshow(X)`", "tight_layout": "panels find their places themselves",
        "make_moons": "write `moons(200, noise=0.1)`", "make_circles": "write `circles(200, noise=0.05)`",
        "make_blobs": "write `blobs(300, centers=3)`", "load_iris": "write `load(\"iris\")`",
        "load_breast_cancer": "write `load(\"breast-cancer\")`", "fetch_openml": "write `load(\"mnist\")`",
        "LabelEncoder": "write `y, names = encode(labels)`", "OneHotEncoder": "write `one_hot(y)`",
        "get_dummies": "write `one_hot(t.column)`", "DataFrame": tables,
        "arcsin": "write `asin(x)`", "arccos": "write `acos(x)`", "arctan": "write `atan(x)`",
        "isnan": "nan is the one number that is not itself: `x != x`", "isinf": "write `abs(x) == inf`",
        "isfinite": "write `abs(x) < inf`", "square": "write `x^2`", "diff": "write `x[1:] - x[:-1]`",
        "expand_dims": "write `X[:, new]`, or `expand(X, axis=0)`", "unsqueeze": "write `X[:, new]`, or `expand(X, axis=0)`",
        "hist": "there are no histograms; equal values are counted by `v, n = unique(x, counts=true)`, then `scatter(v, n)`",
        "histogram": "there are no histograms; equal values are counted by `v, n = unique(x, counts=true)`",
        "silu": "write `swish`", "SiLU": "write `swish`", "MultiHeadAttention": "write `attention(heads)`",
        "MultiheadAttention": "write `attention(heads)`", "multi_head_attention": "write `attention(heads)`",
        "elman": "write `simple_rnn(units)`", "Elman": "write `simple_rnn(units)`", "SimpleRNN": "write `simple_rnn(units)`",
        "RNN": "write `simple_rnn(units)`", "MaxPooling2D": "write `maxpool(2)`", "MaxPool2d": "write `maxpool(2)`",
        "max_pooling": "write `maxpool(2)`", "AveragePooling2D": "write `avgpool(2)`",
        "BatchNormalization": "write `batchnorm()`", "BatchNorm1d": "write `batchnorm()`", "BatchNorm2d": "write `batchnorm()`",
        "LayerNormalization": "write `layernorm()`", "EarlyStopping": "write `early_stopping(patience=10)`",
        "ModelCheckpoint": "write `checkpoint(\"best.safetensors\")`",
        "Perceptron": "write `from perceptron import Perceptron` before", "Adaline": "write `from adaline import Adaline` before",
        "precision": "write `from metrics import precision` before", "recall": "write `from metrics import recall` before",
        "f1": "write `from metrics import f1` before", "f1_score": "write `from metrics import f1` before",
        "confusion": "write `from metrics import confusion` before", "confusion_matrix": "write `from metrics import confusion` before",
        "quit": "Ctrl-D or `:quit` leaves the prompt", "exit": "Ctrl-D or `:quit` leaves the prompt",
        "time": "`:time f(x)` at the prompt tells how long it takes", "globals": "`:vars` lists the names at the prompt", "dir": "`help(x)` tells what x is",
    ]

    /// Words that begin statements elsewhere.
    private static let statements: [String: String] = [
        "def": "a function is written `fn name(x) { ... }`, or in short `name(x) = ...`",
        "function": "a function is written `fn name(x) { ... }`, or in short `name(x) = ...`",
        "func": "a function is written `fn name(x) { ... }`, or in short `name(x) = ...`",
        "lambda": "a short function is written `x -> x^2`, of two parameters `(x, y) -> x + y`",
        "elif": "write `else if`", "elseif": "write `else if`", "elsif": "write `else if`",
        "except": "write `try { ... } catch e { ... }`",
        "finally": "there is no `finally`: write it after `try { ... } catch e { ... }`",
        "raise": "an error is raised by `error(\"...\")`",
        "throw": "an error is raised by `error(\"...\")`",
        "with": "there is no `with`",
        "async": "there is no `async`", "await": "there is no `await`",
        "yield": "there are no generators: give a list, `[f(x) for x in xs]`",
        "pass": "an empty block is written `{ }`",
        "global": "a function cannot rebind an outer name: return the new value, or keep it in an object",
        "nonlocal": "a function cannot rebind an outer name: return the new value, or keep it in an object",
        "del": "there is no `del`: `m.remove(key)` takes an entry out of a map",
        "let": "a name is set by `x = 3` alone", "var": "a name is set by `x = 3` alone",
        "const": "a name is set by `x = 3` alone", "local": "a name is set by `x = 3` alone",
        "auto": "a name is set by `x = 3` alone", "int": "a name is set by `x = 3` alone",
        "double": "a name is set by `x = 3` alone", "float": "a name is set by `x = 3` alone",
        "match": "write `if ... { } else if ... { } else { }`", "switch": "write `if ... { } else if ... { } else { }`",
        "case": "write `if ... { } else if ... { } else { }`",
        "unless": "write `if not ...`", "until": "write `while not ...`", "do": "write `while condition { ... }`",
        "loop": "write `while true { ... }`", "repeat": "write `while true { ... }` with `break`",
        "end": "a block is written `{ ... }`", "begin": "a block is written `{ ... }`",
        "then": "a block is written `{ ... }`",
        "struct": "write `class Name { fn init(...) { self.x = ... } }`",
        "print": "print is a function: `print(x)`", "echo": "write `print(x)`",
        "using": "the functions of the prelude are built in; a module is brought in by `import name`",
        "include": "a module is brought in by `import name`", "require": "a module is brought in by `import name`",
        "is": "write `x == none`", "hold": "calls of plot in one cell add to one figure",
    ]

    private static let fields: [String: String] = [
        "forward": "a network is called: `net(x)`; `predict(net, X)` goes by batches",
        "loss": "`h = fit(net, X, y)` gives it as `h.loss`, `evaluate(net, X, y)` anew",
        "append": "write `xs.push(x)`", "add": "write `xs.push(x)`; layers are given to `sequential(...)`",
        "extend": "push each: `for y in ys { xs.push(y) }`", "push_back": "write `xs.push(x)`",
        "length": "write `len(x)`", "size": "`X.shape` is the shape, `len(X)` the first of it",
        "ndim": "write `len(X.shape)`", "dtype": "`type(X)` and `repr(X)` tell it; `astype(X, \"float32\")` changes it",
        "compile": "there is no compile: `fit(net, X, y, loss=mse, optimizer=adam(0.001))`",
        "fit_transform": "write `standardize(X)`", "transform": "write `standardize(X)`",
        "backward": "gradients are values: `g = grad(loss)(net)`, then `step(net, g, optimizer)`",
        "zero_grad": "gradients are values, nothing is to be zeroed", "parameters": "write `weights(net)`",
        "get_weights": "write `weights(net)`", "state_dict": "write `weights(net)`",
        "startswith": "write `starts_with(s, start)`", "endswith": "write `ends_with(s, end)`",
        "format": "write `f\"{x:.3f}\"`", "item": "a number needs no `.item()`; of a tensor it is an element, such as `X[0]`", "numpy": "a tensor needs no `.numpy()`",
        "detach": "`frozen(x)` is a value that no gradient goes through", "tolist": "write `list(X)`", "flatten": "write `X.ravel()`",
        "view": "write `X.reshape(...)`", "permute": "write `transpose(X, axes)`", "unsqueeze": "write `X[:, new]`",
        "has_key": "write `key in m`", "contains": "write `x in xs`",
        "index": "write `find(xs, x)`", "toLowerCase": "write `lower(s)`", "toUpperCase": "write `upper(s)`",
        "score": "write `evaluate(net, X, y)`", "history": "`fit` gives it: `h = fit(net, X, y)`, then `h.loss` and `plot(h)`",
        "evaluate_generator": "write `evaluate(net, X, y)`", "__init__": "the method that makes an instance is `init`",
        "values": "write `tensor(t)`", "to_numpy": "write `tensor(t)`", "target": "labels are `d.y`",
        "data": "samples are `d.X`", "target_names": "write `d.classes`", "feature_names": "write `d.features`",
        "DESCR": "write `d.about`", "inverse_transform": "write `unscale(s, Z)`",
        "iloc": "rows are taken by `t[0:5]`", "loc": "rows are taken by `t[t.x > 0]`", "head": "rows are taken by `t[0:5]`",
    ]

    private static let keywords: [String: String] = [
        "lr": "write `learning_rate=`", "alpha": "write `learning_rate=`", "eta": "write `learning_rate=`",
        "nb_epoch": "write `epochs=`", "n_epochs": "write `epochs=`", "num_epochs": "write `epochs=`", "epoch": "write `epochs=`",
        "n_iter": "write `epochs=`", "max_iter": "write `epochs=`", "batch": "write `batch_size=`", "bs": "write `batch_size=`",
        "validation_data": "write `validation=(X, y)`", "val_data": "write `validation=(X, y)`",
        "validation_split": "split first: `train_test_split(X, y, test=0.2)`, then `validation=(X, y)`",
        "test_size": "write `test=`", "random_state": "the notebook's seed makes draws repeatable; `seed(n)` sets another",
        "dim": "write `axis=`", "keep_dims": "write `keepdims=`", "keepdim": "write `keepdims=`",
        "loss_fn": "write `loss=`", "criterion": "write `loss=`", "opt": "write `optimizer=`", "optim": "write `optimizer=`",
        "activation_function": "write `activation=`", "act": "write `activation=`",
        "metric": "write `metrics=[accuracy]`", "input_shape": "the first layer says it: `sequential(input(784), ...)`",
        "c": "write `color=`", "colors": "write `color=`", "colour": "write `color=`", "s": "write `size=`", "lw": "write `linewidth=`",
        "ls": "write `linestyle=`", "markersize": "write `size=`", "labels": "write `label=`", "hue": "write `color=`",
        "size": "the shape comes last: `randn(2, 3)`", "min_delta": "write `least_change=`", "restore_best_weights": "write `restore=`", "save_best_only": "write `best=`",
        "filepath": "write `path=`", "use_bias": "write `bias=`", "kernel_initializer": "write `initializer=`",
        "kernel_regularizer": "write `penalty=`, such as `penalty=l2(0.01)`", "regularizer": "write `penalty=`, such as `penalty=l2(0.01)`",
        "from_logits": "losses take probabilities: end the network with sigmoid or softmax",
        "num_heads": "write `heads=`", "key_dim": "write `width=`", "output_dim": "write `width=`",
        "mask_zero": "write `padding=`: `padding=0`, and `mask=0` in the layer after it", "return_state": "`return_sequences=true` gives the outputs of all steps",
        "clipnorm": "write `clip_norm=`", "clipvalue": "write `clip_value=`",
        "figsize": "`figure(width=640, height=400)` in pixels", "loc": "write `legend=\"upper right\"`",
        "fontsize": "sizes of letters are fixed", "n_samples": "the number of points comes first: `moons(200)`",
        "delimiter": "write `sep=`", "random_seed": "the notebook's seed makes draws repeatable; `seed(n)` sets another",
        "input_dim": "the first layer says it: `sequential(input(784), ...)`", "num_classes": "write `classes=`",
    ]

    /// For a sign that is no part of the language.
    static func character(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "“", "”", "„", "«", "»": "strings stand between straight quotes: \"...\""
        case "‘", "’", "‚", "`", "´": "strings stand between straight quotes; the transpose of W is `Wᵀ` or `W.T`"
        case "²": "a power is written `x^2`"
        case "³": "a power is written `x^3`"
        case "¹", "⁻", "⁰", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹": "a power is written `x^-1`"
        case "×", "✕", "∗": "element by element it is `*` (or `⊙`), the matrix product `@` (or `·`)"
        case "∘": "element by element it is `*` (or `⊙`)"
        case "÷", "⁄", "∕": "write `/`"
        case "–", "—", "‐", "‑": "minus is written `-`"
        case "∞": "write `inf`"
        case "→", "⟶", "↦", "⇒": "a lambda is written `x -> x^2`"
        case "′", "″", "‵": "the derivative of f is `∇f`; the transpose of W is `Wᵀ` or `W.T`"
        case "⊤", "ᵗ": "the transpose of W is `Wᵀ` or `W.T`"
        case "∂": "give the derivative a name of letters: `dE_dw`"
        case "∏": "the product is `prod(x)`"
        case "∫": "there is no sign for the integral"
        case "∧", "⋀": "write `and`, or `&` for tensors"
        case "∨", "⋁": "write `or`, or `|` for tensors"
        case "¬": "write `not`"
        case "≈", "≃", "≅": "compare with a tolerance: `abs(a - b) < 1e-6`"
        case "≔", "⟵", "⇐": "an assignment is written `=` or `←`"
        case "…": "write three dots: `...`"
        case "‖", "∥": "write `norm(x)`"
        case "⟨", "⟩", "〈", "〉": "the inner product is `w · x`"
        case "（", "）", "，", "；", "：": "write it in ASCII"
        default: nil
        }
    }
}
