# Lists what a system refers to. Before this comes: system='…'. Prints "<size of the NAR> <path>" lines.
main() {
    set -u
    paths=$(nix-store --query --requisites "${system:?}") || return 1
    sizes=$(printf '%s\n' "$paths" | xargs nix-store --query --size) || return 1
    {
        printf '%s\n' "$sizes"
        printf '%s\n' "$paths"
    } | awk '{ line[NR] = $0 } END { for (i = 1; i <= NR / 2; i++) print line[i], line[i + NR / 2] }'
}
main </dev/null
