#!/bin/sh
# embed.sh OUTPUT MODULE.nnb...: writes a Swift file with the text of each module under its name.
set -e
output=$1
shift
{
    echo '/// The texts of the modules of the standard library by their names. Made from stdlib/ by the build.'
    echo 'let embeddedModules: [String: String] = ['
    for module in "$@"; do
        printf '    "%s": ##"""\n' "$(basename "$module" .nnb)"
        cat "$module"
        printf '\n"""##,\n'
    done
    echo ']'
} >"$output"
