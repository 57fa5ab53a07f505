
# the names of the boards in the policy of the working copy that the shell is in
_flakeferry_boards() {
    folder=$PWD
    while [ -n "$folder" ]; do
        for policy in "$folder/flakeferry.yml" "$folder/.github/flakeferry.yml"; do
            [ -f "$policy" ] || continue
            awk '
                /^[^ #]/ { within = /^boards:/; depth = 0 }
                within && match($0, /^ +[A-Za-z0-9._-]+:/) {
                    name = substr($0, 1, RLENGTH - 1)
                    match(name, /^ +/)
                    if (!depth) depth = RLENGTH
                    if (RLENGTH == depth) print substr(name, RLENGTH + 1)
                }' "$policy"
            return
        done
        folder=${folder%/*}
    done
}
