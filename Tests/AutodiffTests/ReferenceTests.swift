import Autodiff
import Diagnostics
import Tensors
import Testing

/// Every operation of the tape against values and gradients of JAX 0.10.2 in double precision, recorded by
///
///     python Tests/AutodiffTests/References/primitives.py
///
/// which says what the operands are.
@Suite struct ReferenceTests {
    static let cases: [GradientCase] = [
        GradientCase("add", [[2, 3], [3]]) { t, x throws(Failure) in try t.apply(.add, x[0], x[1]) },
        GradientCase("subtract", [[2, 3], [2, 1]]) { t, x throws(Failure) in try t.apply(.subtract, x[0], x[1]) },
        GradientCase("multiply", [[2, 1, 2], [1, 3, 2]]) { t, x throws(Failure) in try t.apply(.multiply, x[0], x[1]) },
        GradientCase("divide", [[2, 3], [3]]) { t, x throws(Failure) in try t.apply(.divide, x[0], t.apply(.add, x[1], t.leaf(2))) },
        GradientCase("power", [[2, 3], [3]]) { t, x throws(Failure) in try t.apply(.power, t.apply(.add, x[0], t.leaf(2)), x[1]) },
        GradientCase("maximum", [[2, 3], [2, 3]]) { t, x throws(Failure) in try t.apply(.maximum, x[0], x[1]) },
        GradientCase("minimum", [[2, 3], []]) { t, x throws(Failure) in try t.apply(.minimum, x[0], x[1]) },
        GradientCase("modulo", [[4], [4]]) { t, x throws(Failure) in try t.apply(.modulo, x[0], t.apply(.add, x[1], t.leaf(2))) },
        GradientCase("tanh", [[5]]) { t, x throws(Failure) in try t.apply(.tanh, x[0]) },
        GradientCase("exp", [[5]]) { t, x throws(Failure) in try t.apply(.exp, x[0]) },
        GradientCase("log", [[5]]) { t, x throws(Failure) in try t.apply(.log, t.apply(.add, x[0], t.leaf(2))) },
        GradientCase("sqrt", [[5]]) { t, x throws(Failure) in try t.apply(.sqrt, t.apply(.add, x[0], t.leaf(2))) },
        GradientCase("sin", [[5]]) { t, x throws(Failure) in try t.apply(.sin, x[0]) },
        GradientCase("cos", [[5]]) { t, x throws(Failure) in try t.apply(.cos, x[0]) },
        GradientCase("tan", [[5]]) { t, x throws(Failure) in try t.apply(.tan, x[0]) },
        GradientCase("asin", [[5]]) { t, x throws(Failure) in try t.apply(.asin, t.apply(.multiply, x[0], t.leaf(0.9))) },
        GradientCase("acos", [[5]]) { t, x throws(Failure) in try t.apply(.acos, t.apply(.multiply, x[0], t.leaf(0.9))) },
        GradientCase("atan", [[5]]) { t, x throws(Failure) in try t.apply(.atan, x[0]) },
        GradientCase("sinh", [[5]]) { t, x throws(Failure) in try t.apply(.sinh, x[0]) },
        GradientCase("cosh", [[5]]) { t, x throws(Failure) in try t.apply(.cosh, x[0]) },
        GradientCase("expm1", [[5]]) { t, x throws(Failure) in try t.apply(.expm1, x[0]) },
        GradientCase("log1p", [[5]]) { t, x throws(Failure) in try t.apply(.log1p, t.apply(.add, x[0], t.leaf(1.5))) },
        GradientCase("log2", [[5]]) { t, x throws(Failure) in try t.apply(.log2, t.apply(.add, x[0], t.leaf(2))) },
        GradientCase("log10", [[5]]) { t, x throws(Failure) in try t.apply(.log10, t.apply(.add, x[0], t.leaf(2))) },
        GradientCase("abs", [[5]]) { t, x throws(Failure) in try t.apply(.abs, t.apply(.add, x[0], t.leaf(0.1))) },
        GradientCase("square", [[5]]) { t, x throws(Failure) in try t.apply(.square, x[0]) },
        GradientCase("sum", [[2, 3, 2]]) { t, x throws(Failure) in try t.sum(x[0], [0, 2]) },
        GradientCase("mean", [[2, 3]]) { t, x throws(Failure) in try t.mean(x[0], [-1], keepdims: true) },
        GradientCase("variance", [[2, 3]]) { t, x throws(Failure) in try t.variance(x[0], [1]) },
        GradientCase("deviation", [[2, 3]]) { t, x throws(Failure) in try t.deviation(x[0], [0]) },
        GradientCase("norm", [[2, 3]]) { t, x throws(Failure) in try t.norm(x[0], [1]) },
        GradientCase("prod", [[2, 3]]) { t, x throws(Failure) in try t.product(x[0], over: [0]) },
        GradientCase("cumsum", [[2, 3]]) { t, x throws(Failure) in try t.cumulativeSum(x[0], axis: 0) },
        GradientCase("cumprod", [[5]]) { t, x throws(Failure) in try t.cumulativeProduct(x[0], axis: 0) },
        GradientCase("softmax", [[2, 4]]) { t, x throws(Failure) in try t.softmax(x[0]) },
        GradientCase("softmax axis 0", [[3, 2]]) { t, x throws(Failure) in try t.softmax(x[0], axis: 0) },
        GradientCase("log softmax", [[2, 4]]) { t, x throws(Failure) in try t.logSoftmax(x[0]) },
        GradientCase("logsumexp", [[2, 4]]) { t, x throws(Failure) in try t.logSumExp(x[0], axis: 1) },
        GradientCase("greatest", [[3, 4]]) { t, x throws(Failure) in try t.greatest(x[0], [0]) },
        GradientCase("least", [[3, 4]]) { t, x throws(Failure) in try t.least(x[0], [-1]) },
        GradientCase("sort", [[2, 4]]) { t, x throws(Failure) in try t.sort(x[0]) },
        GradientCase("median", [[4, 3]]) { t, x throws(Failure) in try t.median(x[0], [0]) },
        GradientCase("where", [[2, 3], [2, 3], []]) { t, x throws(Failure) in try t.choose(t.compare(.greater, x[0], t.leaf(0)), x[1], x[2]) },
        GradientCase("concatenate", [[2, 1], [2, 3]]) { t, x throws(Failure) in try t.concatenate(x, axis: 1) },
        GradientCase("stack", [[2], [2], [2]]) { t, x throws(Failure) in try t.stack(x, axis: 1) },
        GradientCase("index", [[4, 3]]) { t, x throws(Failure) in try t.index(x[0], [.gather(Tensor([1, 3, 1])), .slice(step: 2)]) },
        GradientCase("assign", [[4], [2]]) { t, x throws(Failure) in try t.assign(x[0], [.slice(start: 1, stop: 3)], x[1]) },
        GradientCase("pad", [[2, 2]]) { t, x throws(Failure) in try t.padded(x[0], [(before: 1, after: 0), (before: 0, after: 2)], value: 3) },
        GradientCase("transpose", [[2, 3, 4]]) { t, x throws(Failure) in try t.transpose(x[0], [2, 0, 1]) },
        GradientCase("product", [[4, 3], [3, 2]]) { t, x throws(Failure) in try t.product(x[0], x[1]) },
        GradientCase("product of stacks", [[2, 2, 3], [2, 3, 2]]) { t, x throws(Failure) in try t.product(x[0], x[1]) },
        GradientCase("matrix and vector", [[2, 3], [3]]) { t, x throws(Failure) in try t.product(x[0], x[1]) },
        GradientCase("outer", [[3], [2]]) { t, x throws(Failure) in try t.outer(x[0], x[1]) },
        GradientCase("inverse", [[3, 3]]) { t, x throws(Failure) in try t.inverse(shifted(t, x[0])) },
        GradientCase("determinant", [[3, 3]]) { t, x throws(Failure) in try t.determinant(shifted(t, x[0])) },
        GradientCase("solve", [[3, 3], [3, 2]]) { t, x throws(Failure) in try t.solve(shifted(t, x[0]), x[1]) },
        GradientCase("convolve", [[5], [3]]) { t, x throws(Failure) in try t.convolve(x[0], x[1], .full) },
    ]

    /// A matrix that is far from singular.
    private static func shifted(_ t: Tape, _ x: Variable) throws(Failure) -> Variable {
        try t.apply(.add, x, t.apply(.multiply, t.leaf(3), t.leaf(Making.eye(3))))
    }

    @Test(arguments: cases)
    func `value and gradient are those of JAX`(_ test: GradientCase) throws {
        let line = ReferenceTests.recorded.split(separator: "\n").first { $0.hasPrefix(test.name + " | ") }
        let parts = try #require(line).split(separator: "|")
        let value = try #require(Double(String(parts[1].filter { $0 != " " })))
        let gradient = parts[2].split(separator: " ").compactMap { Double(String($0)) }
        let tape = Tape()
        var leaves: [Variable] = []
        for (k, shape) in test.shapes.enumerated() {
            let numbers = (0..<shape.reduce(1, *)).map { ReferenceTests.sine(1.3 * Double($0) + 0.7 * Double(k)) }
            leaves.append(try tape.leaf(Tensor(numbers, shape: shape)))
        }
        let root = try GradientTests.weighted(tape, test.program(tape, leaves))
        #expect(abs(tape.number(root) - value) <= 1e-12 * max(1, abs(value)))
        let found = try tape.gradient(of: root, withRespectTo: leaves).flatMap { try tape.value($0).numbers }
        #expect(found.count == gradient.count)
        for (mine, theirs) in zip(found, gradient) where abs(mine - theirs) > 1e-12 * max(1, abs(theirs)) {
            Issue.record("\(mine), JAX has \(theirs)")
        }
    }

    private static func sine(_ x: Double) -> Double { UnaryFunction.sin(x) }

    private static let recorded = """
        add | 4.4777117032332701 | 1 1.6000000000000001 2.2000000000000002 1.3 1.8999999999999999 1 2.2999999999999998 3.5 3.2000000000000002
        subtract | -6.5930378414536923 | 1 1.6000000000000001 2.2000000000000002 1.3 1.8999999999999999 1 -4.8000000000000007 -4.2000000000000002
        multiply | 0.20407852330319309 | -0.41318850305490351 0.95674544204673995 0.45180223236384692 1.3823100142715623 0.8248021949143427 0.028607546462765754 0.67015178336790349 -0.054130061407199781 0.51550137182146416 -0.13686766927716565
        divide | 0.34719758380446847 | 0.37818368919718565 0.54996095801237865 1.1941890937673105 0.49163879595634136 0.65307863763969953 0.5428132244396866 0.1278762062717915 0.01617090772076557 -0.39754342714702345
        power | 12.292823140866044 | 0.50342119507762351 1.3183515982230611 -0.11927758481262429 0.76030822219526673 1.7104762704010248 -0.062816730391793932 1.5041444857560948 4.8994736563722237 2.4561395778221815
        maximum | 2.5092199956449597 | 0 1.6000000000000001 2.2000000000000002 1.3 0 0 1 0 0 0 1.8999999999999999 1
        minimum | -0.19268854713211458 | 1 0 2.2000000000000002 1.3 1.8999999999999999 1 1.6000000000000001
        modulo | 3.0899018030120602 | 1 1.6000000000000001 2.2000000000000002 1.3 0 0 0 1.3
        tanh | 0.11567527322227367 | 1 0.70990904407486211 1.7052528081558647 0.83737424326411736 0.94720613937654186
        exp | 10.316337452029874 | 1 4.1936094820587142 3.6838512202165568 0.65350709129857465 0.78536965845602646
        log | 5.0235159454594269 | 0.5 0.53989154249548199 0.87457714181526724 0.99067708785164532 1.7016774193129329
        sqrt | 11.154738314413098 | 0.35355339059327373 0.46471132652238289 0.69355419975543153 0.56742405091059078 0.89905326548188635
        sin | 0.10466592411231823 | 1 0.91296244185152065 1.9141004736252643 1.0044658159611612 1.2055209488768326
        cos | 6.0370496803147784 | -0 -1.3139633099019581 -1.0845364801921327 0.82525658104948107 1.4685772849322916
        tan | 0.16663471266664054 | 1 4.9142146789348979 2.9062875470137106 2.1775078740065661 4.7196661494270051
        asin | 0.1265322550379433 | 0.90000000000000002 2.8918224849196945 2.235114289501047 1.489688250509803 2.8196125550733986
        acos | 12.439838359321229 | -0.90000000000000002 -2.8918224849196945 -2.235114289501047 -1.489688250509803 -2.8196125550733986
        atan | 0.11603806357210189 | 1 0.82968428819857387 1.7381113871526861 0.8825392589600799 1.0671206962160111
        sinh | 0.10471694317299196 | 1 2.4020310634793023 2.4988468198247067 1.6197770051513296 2.6909656204015411
        cosh | 10.211620508856878 | 0 1.7915784185794117 1.1850044003918503 -0.96626991385275518 -1.9055959619455147
        expm1 | 2.3163374520298712 | 1 4.1936094820587142 3.6838512202165568 0.65350709129857465 0.78536965845602646
        log1p | 7.0177323981926607 | 0.40000000000000002 0.46195268401627171 0.72956358785243269 0.71734671912683545 1.1753459355304563
        log2 | 7.2474015423409464 | 0.72134752044448169 0.77889885097612499 1.2617481053717297 1.4292449217658887 2.4550015740354976
        log10 | 2.1816852548660259 | 0.21714724095162591 0.23447191773202281 0.37982402668908832 0.43024559260195261 0.73902911318697284
        abs | 5.4084559674821868 | 1 1.6000000000000001 2.2000000000000002 -1.3 -1.8999999999999999
        square | 4.1680066854548885 | 0 3.0833861933350177 2.2682060360144427 -1.7881920138783327 -3.3571276917365815
        sum | 1.0868096821852531 | 1 1 1.6000000000000001 1.6000000000000001 2.2000000000000002 2.2000000000000002 1 1 1.6000000000000001 1.6000000000000001 2.2000000000000002 2.2000000000000002
        mean | -0.23023392188914715 | 0.33333333333333331 0.33333333333333331 0.33333333333333331 0.53333333333333333 0.53333333333333333 0.53333333333333333
        variance | 0.52128030647237211 | -0.32867990160859045 0.3136922220028715 0.014987679605718968 -0.25144805359488381 -0.4601824499001414 0.71163050349502521
        deviation | 2.1519128746088776 | 0.5 0.80000000000000004 1.1000000000000001 -0.5 -0.79999999999999993 -1.0999999999999999
        norm | 2.9169222454762433 | 0 0.88174285653724638 0.47173036254362199 -0.96521490177308245 -1.2398452400648001 0.30190060298687305
        prod | -1.1180477162184617 | -0.6877661591839741 -1.4135274491522452 0.47326397379319418 0 1.5416930966675089 1.1341030180072214
        cumsum | 2.6645181740692192 | 2.2999999999999998 3.5 3.2000000000000002 1.3 1.8999999999999999 1
        cumprod | 0 | 3.7637938976106473 0 0 0 0
        softmax | 3.2795702520862986 | -0.11103234459705404 -0.019792851911823006 0.16063114441493545 -0.029805947906057728 0.019015003779510768 -0.13726288255365673 -0.016911234271630216 0.13515911304577602
        softmax axis 0 | 3.1661598259750168 | -0.24976052106660218 0.12316547449646342 0.23252112980792994 -0.010937240501611933 0.017239391258672455 -0.11222823399485168
        log softmax | -19.815226649251159 | -0.052053990197055755 -1.1574397430800483 0.43835892021767264 0.77113481305943299 1.4178157369441384 -0.4464983349151177 -1.5663169012689462 0.59499949923992612
        logsumexp | 4.5544752489634321 | 0.17246786724541899 0.45203930214427024 0.28879361963644717 0.086699210973863447 0.11514848072975799 0.34543243818868485 0.75613537940750963 0.38328370167404757
        greatest | 5.0212920100486373 | 1 1.6000000000000001 0 0 0 0 2.2000000000000002 0 0 0 0 1.3
        least | -3.9225118403246575 | 0 0 0 1 1.6000000000000001 0 0 0 2.2000000000000002 0 0 0
        sort | 2.9428713816682173 | 1.6000000000000001 1.3 2.2000000000000002 1 1.8999999999999999 1 2.2000000000000002 1.6000000000000001
        median | 1.0512127356490151 | 0.5 0 1.1000000000000001 0.5 0 1.1000000000000001 0 0.80000000000000004 0 0 0.80000000000000004 0
        where | 6.0403920856066309 | 0 0 0 0 0 0 0 1.6000000000000001 2.2000000000000002 0 0 1 4.1999999999999993
        concatenate | 4.8110694216095435 | 1 1.8999999999999999 1.6000000000000001 2.2000000000000002 1.3 1 1.6000000000000001 2.2000000000000002
        stack | 6.6064083377998939 | 1 1.3 1.6000000000000001 1.8999999999999999 2.2000000000000002 1
        index | -1.8287702236700776 | 0 0 0 2.8999999999999999 0 2.6000000000000001 0 0 0 2.2000000000000002 0 1.3
        assign | 2.1371066316576388 | 1 0 0 1.3 1.6000000000000001 2.2000000000000002
        pad | 37.826954266335548 | 1.8999999999999999 1 1.3 1.8999999999999999
        transpose | -0.30331551767908782 | 1 1.6000000000000001 2.2000000000000002 1.3 1.6000000000000001 2.2000000000000002 1.3 1.8999999999999999 2.2000000000000002 1.3 1.8999999999999999 1 1.3 1.8999999999999999 1 1.6000000000000001 1.8999999999999999 1 1.6000000000000001 2.2000000000000002 1 1.6000000000000001 2.2000000000000002 1.3
        product | -2.0700904163925906 | 2.0990935701587818 -1.7476512999567915 0.89599191732840899 2.5993655667963065 -1.63883883183865 0.20923956037737984 2.1333110325772946 -1.2934078225056362 0.083302200671704685 3.0312026385968056 -2.4385133186228192 1.1478666367397594 -0.83502692826344516 -1.5719165461864322 0.2985120902192504 1.636667887599272 0.99473019719129774 2.4475300317469988
        product of stacks | -1.3258800575988376 | 2.0990935701587818 -1.7476512999567915 0.89599191732840899 2.5993655667963065 -1.63883883183865 0.20923956037737984 1.1506463847327046 -2.0552540930358889 2.3716018505431942 0.47132529584334559 -1.9556133271126634 2.8801608360391961 -1.5130855502047431 -0.89409600693916635 -0.9800420571671441 0.39320204423130972 0.98876534561465834 1.1044581794285029 0.67805862194129807 -0.67782053924726571 1.2785541473863944 1.2434658433679622 0.0059648515766395063 1.3430718523184957
        matrix and vector | -1.2536826174344615 | 0.64421768723769102 0.90929742682568171 -0.15774569414324821 1.0307482995803057 1.4548758829210908 -0.25239311062919717 -1.1004258546943586 -0.44996926373505214 0.85969335276196901
        outer | 3.6043647325936417 | 2.0990935701587818 2.5993655667963065 2.1333110325772946 3.0992806143786065 1.7681270128638151
        inverse | 1.2485536934168144 | 0.02187945156547472 -0.1457398548727237 -0.27212669688491381 -0.045795571836108245 -0.29600872476529244 0.0066119557890829744 -0.061506836648847096 -0.41640258933672297 -0.11306372273026113
        determinant | 14.030434757664301 | 4.5288593379172415 1.7087540790002038 -2.332927323789153 -1.9285199423220105 6.0017701283792357 0.0048595268815114778 -0.88380140312973055 -0.9999043628151647 7.012338745174203
        solve | 0.14842892209962619 | -0.26285931364545084 0.17826160367269853 -0.043851996794395852 -0.33154297820792594 0.094549972853746986 0.15399823855242159 -0.30122675854093928 0.086165928109272108 0.13949644238340658 0.27479949574706891 0.50851082256601621 0.80429492286565263 0.33652049046307042 0.72983145507406633 0.30636119997342742
        convolve | 0.59118029262291505 | 1.7520530430436358 2.8261332362105831 2.299648747924135 2.4074024102345457 1.8809179219480974 0.10313626186727283 0.59976943311602438 0.13078463916691344
        """
}
