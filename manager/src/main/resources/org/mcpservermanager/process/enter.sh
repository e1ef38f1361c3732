# Enters control groups, then becomes the command. $1: variables that this shell made; then directories, --, the command.
# No variables are used: each could be one of the command's.
unset $1
shift
while [ "$1" != -- ]; do
    echo $$ >"$1/cgroup.procs" || exit 125
    shift
done
shift
exec "$@"
