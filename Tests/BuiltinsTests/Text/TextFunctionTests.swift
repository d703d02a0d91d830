import Testing

@Test(
    "functions on strings",
    arguments: [
        ("upper(\"straße é\")", "\"STRASSE É\""), ("\"ABC\".lower()", "\"abc\""),
        ("strip(\"\\t a\\n\")", "\"a\""), ("strip(\"--a-\", \"-\")", "\"a\""), ("strip(\"\")", "\"\""),
        ("replace(\"aaaa\", \"aa\", \"b\")", "\"bb\""), ("replace(\"abc\", \"x\", \"y\")", "\"abc\""),
        ("replace(\"abc\", \"\", \"y\")", "error: `old` of `replace` cannot be empty, not \"\""),
        ("\"año\".find(\"o\")", "2"), ("find(\"abc\", \"z\")", "-1"), ("find(\"abc\", \"\")", "0"),
        ("find([\"a\", \"b\"], \"b\")", "1"), ("find([3, 5], 5)", "1"), ("find([3, 5], 7)", "-1"),
        ("join([\"a\", \"b\"], \", \")", "\"a, b\""), ("\", \".join([\"a\", \"b\"])", "\"a, b\""),
        ("join([1, 2.5], \" \")", "\"1 2.5\""), ("join([], \"x\")", "\"\""), ("join(\"abc\", \"-\")", "\"a-b-c\""),
        ("starts_with(\"abc\", \"ab\")", "true"), ("starts_with(\"a\", \"ab\")", "false"), ("ends_with(\"abc\", \"bc\")", "true"),
        ("str([1, 2])", "\"[1, 2]\""), ("str(\"a\")", "\"a\""), ("repr(\"a\")", "\"\\\"a\\\"\""), ("repr(1/3)", "\"0.3333333333333333\""),
        ("number(\" -2.5e-3 \")", "-0.0025"), ("number(\"1_000\")", "1000"), ("number(\"inf\")", "inf"), ("number(true)", "1"),
        ("number([7])", "7"), ("number(\"0xff\")", "255"), ("number(\"−3\")", "-3"),
        ("number(\"1,5\")", "error: \"1,5\" is no number"), ("number(\"\")", "error: \"\" is no number"),
        ("number(\"--3\")", "error: \"--3\" is no number"), ("number(\"0x1p3\")", "error: \"0x1p3\" is no number"),
        ("number([1, 2])", "error: `x` of `number` is a number, or a tensor of one element, not a vector of 2"),
        ("upper(3)", "error: `text` of `upper` is a string, not a number"),
    ])
func strings(_ code: String, _ expected: String) { #expect(shown(code) == expected) }

@Test(
    "functions on lists and maps",
    arguments: [
        ("len([1, 2; 3, 4; 5, 6])", "3"), ("len(\"año\")", "3"), ("len({\"a\": 1})", "1"), ("len(range(5))", "5"), ("len((1, 2))", "2"),
        ("len(3)", "error: `x` of `len` is something that has a length, not a number"),
        ("list(range(3))", "list(0, 1, 2)"), ("list(\"ab\")", "[\"a\", \"b\"]"), ("list()", "[]"), ("list(1, 2)", "list(1, 2)"), ("list(5)", "list(5)"),
        ("list({\"a\": 1})", "[\"a\"]"), ("list(zip([1, 2], [\"a\", \"b\"]))", "[(1, \"a\"), (2, \"b\")]"),
        ("a = [1, 2]; b = copy(a); b[0] = 9; a", "[1, 2]"),
        ("class P { fn init() { self.x = [1] } }\np = P(); q = copy(p); q.x[0] = 5; q.y = 2; (p.x, q.x, q.y)", "([1], [5], 2)"),
        ("map(x -> x^2, [1, 2, 3])", "[1, 4, 9]"), ("[1, 2].map(x -> str(x))", "[\"1\", \"2\"]"), ("map(x -> x, [])", "[]"),
        ("map(upper, [\"a\"])", "[\"A\"]"), ("map(x -> x > 1, list(1, 2))", "[false, true]"),
        ("map(x -> error(\"no\"), [1])", "error: no"), ("map(3, [1])", "error: `f` of `map` is a function, not a number"),
        ("filter(x -> x > 1, [1, 2, 3])", "[2, 3]"), ("filter(x -> len(x) > 1, [\"a\", \"bc\"])", "[\"bc\"]"), ("len(filter(x -> x > 5, [1, 2]))", "0"),
        ("filter(x -> x, [1])", "error: the function of `filter` gives a number, not true or false"),
        ("filter(r -> r[0] > 1, [1, 2; 3, 4])", "[3, 4;]"),
        ("sorted([3, 1, 2])", "[1, 2, 3]"), ("sorted([3, 1, 2], reverse=true)", "[3, 2, 1]"), ("sorted(list(2, 1))", "list(1, 2)"),
        ("sorted([\"b\", \"a\", \"Z\"])", "[\"Z\", \"a\", \"b\"]"), ("sorted([\"bb\", \"a\", \"cc\"], key=len)", "[\"a\", \"bb\", \"cc\"]"),
        ("sorted([\"bb\", \"a\", \"cc\"], key=len, reverse=true)", "[\"bb\", \"cc\", \"a\"]"),
        ("sorted([(2, \"b\"), (1, \"z\"), (2, \"a\")])", "[(1, \"z\"), (2, \"a\"), (2, \"b\")]"), ("sorted([3, -4, 1], key=abs)", "[1, 3, -4]"),
        ("sorted([\"a\", 1])", "error: a string and a number have no order"), ("sorted({\"b\": 1, \"a\": 2})", "[\"a\", \"b\"]"),
        ("reversed([1, 2, 3])", "[3, 2, 1]"), ("reversed(\"año\")", "\"oña\""), ("reversed((1, 2))", "(2, 1)"), ("reversed([\"a\", \"b\"])", "[\"b\", \"a\"]"),
        ("reversed(range(3))", "list(2, 1, 0)"),
        ("keys({\"a\": 1, \"b\": 2})", "[\"a\", \"b\"]"), ("m = {\"a\": 1, \"b\": 2}; m.values()", "list(1, 2)"), ("{\"a\": 1}.items()", "[(\"a\", 1)]"),
        ("keys([1])", "error: `m` of `keys` is a map, not a vector of 1"),
    ])
func collections(_ code: String, _ expected: String) { #expect(shown(code) == expected) }

@Test func `help shows the record, the documentation of a function, a topic`() {
    #expect(shown("help(len)").hasPrefix("len(x) how many elements"))
    #expect(shown("?len") == shown("help(\"len\")"))
    #expect(shown("## Doubles.\nf(x) = 2 * x\n?f") == "f(x) Doubles.")
    #expect(shown("?for").hasPrefix("for for i in range(10)"))
    #expect(shown("help(\"lenn\")") == "error: there is no help on \"lenn\"")
    #expect(shown("help([1, 2])").hasPrefix("a vector of 2 "))
}
