# Ends the manager's process trees when the manager dies without a word.
# $1: what the environment of every process of this run holds (a grep pattern).
# Reads from the manager, one order a line:
#   + GROUP START    watch the group whose leader began at START     - GROUP    forget it
#   s SIGNAL ID...   send a signal (a negative id is a group)        q          leave, all is well
#   c LAUNCH DIR     the launch's control group is DIR               f LAUNCH   that, or the next, is over
#   i LAUNCH NAME CLI the launch runs the container NAME by the program CLI
# The end of input without q means that the manager is dead.
# A variable each, not one list of all: to change text that is long takes long, and a thousand changes come at once.
trap '' HUP INT TERM
pattern=$1

while read -r order first rest; do
    case $order in
        [ci]) eval "mcp_will_$first=\"\$order \$rest\"" ;;
        f) unset "mcp_will_$first" ;;
        +) eval "mcp_group_$first=\$rest" ;;
        -) unset "mcp_group_$first" ;;
        s) for id in $rest; do kill -s "$first" -- "$id" 2>/dev/null; done ;;
        q) exit 0 ;;
    esac
done

# The groups that have a variable of that kind.
known() { set | sed -n "s/^mcp_$1_\\([0-9]*\\)=.*/\\1/p"; }

# Sets start to the start time of a process, or to nothing; the name in parentheses may hold anything.
look_at() {
    start=
    { read -r line < "/proc/$1/stat"; } 2>/dev/null || return
    set -- ${line##*) }
    start=${20}
}

# A group's number is nobody else's unless its leader's pid came to a process with another start time.
listed() {
    for group in $(known group); do
        look_at "$group"
        eval "began=\$mcp_group_$group"
        case $start in
            ''|"$began") echo "-$group" ;;
        esac
    done
}

# Calls a function for every will of one kind, with what it says.
each() {
    for group in $(known will); do
        eval "will=\$mcp_will_$group"
        [ "${will%% *}" != "$1" ] || "$2" "${will#* }"
    done
}

inside() { { cat "$1/cgroup.procs"; } 2>/dev/null; }
end_inside() { { echo 1 >"$1/cgroup.kill"; } 2>/dev/null; }
# What is frozen does not act on KILL.
thaw() { { [ ! -e "$1/freezer.state" ] || echo THAWED >"$1/freezer.state"; [ ! -e "$1/cgroup.freeze" ] || echo 0 >"$1/cgroup.freeze"; } 2>/dev/null; }
take_away() { rmdir "$1" "${1%/*}" 2>/dev/null; }
# While podman is told to stop one, rm forgets it and lets its processes live: kill does not.
remove_container() { { "${1#* }" kill "${1%% *}"; "${1#* }" rm -f -v "${1%% *}"; } >/dev/null 2>&1 </dev/null & }

marked() {
    grep -ls -e "$pattern" /proc/[0-9]*/environ | while IFS=/ read -r none proc pid file; do
        echo "$pid"
    done
}

# Sends the signals to all that is left; fails when nothing is.
sweep() {
    left=1
    for id in $(listed) $(marked) $(each c inside); do
        for signal; do
            kill -s "$signal" -- "$id" 2>/dev/null && left=0
        done
    done
    return $left
}

# A process that is just changing its program shows no environment: only the second empty sweep counts.
each i remove_container
signals='TERM CONT'
empty=0
for round in 1 2 3 4 5 6 7 8 9 10 11 12; do
    if sweep $signals; then empty=0; else empty=$((empty + 1)); fi
    [ $empty -lt 2 ] || break
    case $round in
        1) signals=CONT ;;
        5) signals=KILL ;;
    esac
    [ $round -lt 5 ] || each c end_inside
    each c thaw
    sleep 0.2
done
each c take_away
