#!/bin/sh
# The same child for every supervisor: says that it lives, then speaks as much MCP as a handshake and a health check need.
# Started without a pipe (supervisord, s6, runit) it just lives. "kids" makes it leave a grandchild in a session of its own.
echo "$BENCH_NAME $$" >"$BENCH_FIFO"
[ "${BENCH_KIDS:-}" = "" ] || setsid sh -c 'echo "kid $$" >"$BENCH_FIFO"; exec sleep 100000' </dev/null >/dev/null 2>&1 &
[ -p /dev/stdin ] || exec sleep 100000
while read -r line; do
  case $line in *'"id":'*) ;; *) continue ;; esac
  id=${line#*'"id":'}
  id=${id%%[,\}]*}
  case $line in
    *'"initialize"'*)
      result='{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"child","version":"1"}}' ;;
    *'"tools/list"'*) result='{"tools":[]}' ;;
    *) result='{}' ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
done
