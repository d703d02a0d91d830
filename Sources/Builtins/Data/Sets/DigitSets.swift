import Diagnostics
import Tensors

extension DataSetRecord {
    static let mnist = DataSetRecord(
        name: "mnist", aliases: ["digits"],
        summary: "70,000 handwritten digits, 28 x 28, of which 60,000 are for training",
        about: """
            MNIST: 60,000 + 10,000 handwritten digits, 28 x 28 pixels, 0 (paper) to 255 (ink).
            Y. LeCun, C. Cortes, C. J. C. Burges, http://yann.lecun.com/exdb/mnist, from NIST's special databases 1 and 3.
            Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-based learning applied to document recognition,
            Proceedings of the IEEE 86 (1998) 2278-2324, doi:10.1109/5.726791. Licence CC BY-SA 3.0.
            """,
        classes: (0...9).map(String.init),
        parts: { finder throws(Failure) in try idxParts(mnistFiles, "mnist", finder) })

    static let fashionMNIST = DataSetRecord(
        name: "fashion-mnist", aliases: ["fashion", "fashion_mnist"],
        summary: "70,000 pictures of ten kinds of clothing, 28 x 28, of which 60,000 are for training",
        about: """
            Fashion-MNIST: 60,000 + 10,000 pictures of articles of Zalando's shop, 28 x 28 pixels, 0 (ground) to 255.
            H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST: a novel image dataset for benchmarking machine learning
            algorithms, 2017, arXiv:1708.07747. Copyright 2017 Zalando SE, licence MIT.
            """,
        classes: [
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ],
        parts: { finder throws(Failure) in try idxParts(fashionFiles, "fashion-mnist", finder) })

    /// Training images and labels, test images and labels, in this order.
    private static func idxParts(
        _ files: [DataFile], _ set: String, _ finder: DataFinder
    ) throws(Failure) -> DataParts {
        var tensors: [Tensor] = []
        for file in files { tensors.append(try IDX.read(try finder.content(of: file, set: set), name: file.name)) }
        return .split(
            train: Samples(X: tensors[0], y: tensors[1]),
            test: Samples(X: tensors[2], y: tensors[3]))
    }

    private static func file(
        _ name: String, _ size: Int, _ sha256: String, at hosts: [String]
    ) -> DataFile {
        DataFile(name: name, sha256: sha256, size: size, addresses: hosts.map { $0 + name })
    }

    private static let mnistHosts = [
        "https://storage.googleapis.com/cvdf-datasets/mnist/", "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ]
    static let mnistFiles: [DataFile] = [
        file(
            "train-images-idx3-ubyte.gz", 47_040_016,
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", at: mnistHosts),
        file(
            "train-labels-idx1-ubyte.gz", 60008,
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", at: mnistHosts),
        file(
            "t10k-images-idx3-ubyte.gz", 7_840_016,
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", at: mnistHosts),
        file(
            "t10k-labels-idx1-ubyte.gz", 10008,
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", at: mnistHosts),
    ]

    private static let fashionHosts = [
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ]
    static let fashionFiles: [DataFile] = [
        file(
            "train-images-idx3-ubyte.gz", 47_040_016,
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888", at: fashionHosts),
        file(
            "train-labels-idx1-ubyte.gz", 60008,
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9", at: fashionHosts),
        file(
            "t10k-images-idx3-ubyte.gz", 7_840_016,
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b", at: fashionHosts),
        file(
            "t10k-labels-idx1-ubyte.gz", 10008,
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34", at: fashionHosts),
    ]
}
