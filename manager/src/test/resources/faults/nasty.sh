# An MCP server with a bad habit, in nothing but POSIX sh: nasty.sh TAG HABIT [ARGUMENT].
# TAG is a number that sleep takes; it is in the command line of every process this starts.
# A habit begins before the handshake, or at the tools/call that is told so with {"now":...}.
tag=$1
habit=$2
argument=${3-}
answers=0

idle() {
    while :; do sleep 1; done
}

answer() {
    printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$1"
}

bytewise() {
    rest=$1
    while [ -n "$rest" ]; do
        printf %s "${rest%"${rest#?}"}"
        rest=${rest#?}
    done
    echo
}

# What is answered, or done instead, when a tool is called.
call() {
    arguments=${line#*'"arguments":'}
    result='{"content":[],"structuredContent":'${arguments%'}}'}'}'
    case $habit in
        big-line)
            printf '{"jsonrpc":"2.0","id":%s,"result":{"x":"' "$id"
            head -c "$argument" /dev/zero | tr '\0' x
            echo '"}}' ;;
        no-newline) tr '\0' x </dev/zero ;;
        split-utf8)
            printf '{"jsonrpc":"2.0","id":%s,"result":{"x":"\303' "$id"
            sleep 0.05
            printf '\251"}}\n' ;;
        bytewise) bytewise '{"jsonrpc":"2.0","id":'"$id"',"result":'"$result"'}' ;;
        torn)
            printf '{"jsonrpc":"2.0","id":%s,"res' "$id"
            exit 1 ;;
        dies) kill -s "$argument" $$ ;;
        exits) exit "$argument" ;;
        hangs) : ;;
        evil)
            env -i setsid sh -c "setsid sleep $tag </dev/null >/dev/null 2>&1 & exit" "$tag"
            answer "$result" ;;
        close-out)
            exec >&-
            idle ;;
        no-read) exec sleep "$tag" ;;
        slow-read) while dd bs=1 count=1 >/dev/null 2>&1; do sleep 0.01; done ;;
        *) answer "$result" ;;
    esac
}

serve() {
    while IFS= read -r line; do
        case $line in
            *'"id":'*) ;;
            *) continue ;;
        esac
        id=${line#*'"id":'}
        id=${id%%[,\}]*}
        answers=$((answers + 1))
        case $habit in
            hang-after) [ "$answers" -le "$argument" ] || continue ;;
            stop-after) [ "$answers" -le "$argument" ] || kill -s STOP $$ ;;
            exit-after) [ "$answers" -le "$argument" ] || exit 0 ;;
        esac
        case $line in
            *'"method":"initialize"'*)
                answer '{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"nasty","version":"1"}}'
                [ "$habit" != leaves-orphans ] || { sleep "$tag" & setsid sleep "$tag" & exit 3; } ;;
            *'"method":"tools/list"'*) answer '{"tools":[{"name":"echo","inputSchema":{"type":"object"}}]}' ;;
            *'"method":"tools/call"'*) call ;;
            *'"method":"ping"'*)
                [ "$habit" != slow-answer ] || sleep "$argument"
                answer '{}' ;;
            *) printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"Method not found"}}\n' "$id" ;;
        esac
    done
}

many() { # many COUNT COMMAND...
    left=$1
    shift
    while [ "$left" -gt 0 ]; do
        "$@" &
        left=$((left - 1))
    done
}

case $habit in
    exit) exit "$argument" ;;
    no-ready) exec sleep "$tag" ;;
    installs)
        left=$argument
        while [ "$left" -gt 0 ]; do
            echo "downloading, $left to go" >&2
            sleep 0.1
            left=$((left - 1))
        done ;;
    ignores-signals) trap '' TERM INT HUP QUIT USR1 USR2 ALRM ;;
    slow-term) trap 'sleep "$argument"; exit 0' TERM ;;
    kids) many "$argument" sleep "$tag" ;;
    setsid-kids) many "$argument" setsid sleep "$tag" ;;
    nested-kids) sh -c "sh -c 'sleep $tag; :' & sleep $tag; :" & ;;
    halted-kids) sh -c "kill -s STOP \$\$; sleep $tag" & ;;
    bare-kids) env -i setsid sleep "$tag" & ;;
    daemonizes)
        setsid sh -c "sleep $tag </dev/null >/dev/null 2>&1 &"
        exit 0 ;;
    respawns) trap 'setsid sleep "$tag" & exit 0' TERM ;;
    fork-bomb) many "$argument" sleep "$tag" ;;
    zombies) sh -c "for i in 1 2 3 4 5; do sh -c : & done; exec sleep $tag" & ;;
    memory-hog)
        x=1234567890123456
        while [ "${#x}" -lt "$argument" ]; do x=$x$x; done ;;
    cpu-hog) many "$argument" sh -c "while :; do :; done; : $tag" ;;
    disk-hog) (while :; do head -c 1000000 /dev/zero; done >hog; : "$tag") & ;;
    out-flood) while :; do echo "all work and no play makes a dull server, $tag"; done & ;;
    only-floods) exec yes "all work and no play makes a dull server, $tag" ;;
    err-flood) yes "all work and no play makes a dull server, $tag" >&2 & ;;
    err-burst) yes "all work and no play makes a dull server, $tag" | head -c "$argument" >&2 ;;
    binary) head -c "$argument" /dev/urandom; echo ;;
    banner) echo "welcome"; echo; echo '{"not":"a message"}'; echo '[1,2]' ;;
    close-err) exec 2>&- ;;
esac
serve
case $habit in
    ignores-signals | slow-term | respawns) idle ;;
esac
