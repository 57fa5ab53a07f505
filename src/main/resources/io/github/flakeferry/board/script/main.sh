
# --- main ------------------------------------------------------------------------------------------------------------

main() {
    verb=${1-}
    [ $# -eq 0 ] || shift
    case $verb in
    facts)
        # in one piece: sshd holds small pieces back until those before are acknowledged
        answer=$(facts) && printf '%s\n' "$answer"
        ;;
    closure) closure "${1-}" ;;
    start) start "$@" ;;
    follow) follow "${1-}" "${2-}" ;;
    acknowledge) acknowledge "${1-}" ;;
    revoke) revoke "${1-}" "${2-}" ;;
    note) note "${1-}" "${2-}" "${3-}" ;;
    restart) restart ;;
    collect) collect "${1-}" "${2-}" ;;
    rehearse) rehearse "$@" ;;
    runs) runs ;;
    log) log "${1-}" "${2-}" ;;
    journal) journal "${1-}" "${2-}" "${3-}" ;;
    supervise | locked | resume | resumed | cleanup | settle | perform)
        [ "$mode" = run ] || die "$verb is for the supervisor alone"
        dir=$1
        read_order
        "$verb" "$@"
        ;;
    *) die "not understood: $verb" ;;
    esac
}
# nothing reads what is left of the script that comes by standard input
main "$@" </dev/null
