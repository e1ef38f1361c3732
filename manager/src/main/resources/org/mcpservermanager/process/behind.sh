# Runs the command as a child, holds none of its pipes, and ends as it ends. $1: a program to mount /proc with, or nothing.
[ -z "$1" ] || "$1" -t proc proc /proc || exit 125
shift
exec 3<&0 4>&1 5>&2 </dev/null >/dev/null 2>&1
(
    exec <&3 >&4 2>&5 3<&- 4>&- 5>&-
    exec "$@"
) &
exec 3<&- 4>&- 5>&-
wait $!
exit $?
