#!/usr/bin/env bash
# Builds the manager when needed and runs it in the foreground. Needs bash and a JDK, nothing else.
set -uo pipefail

payara_release=6.2025.10
wildfly_release=39.0.1.Final
port=8080
state_dir=${HOME:-}/.mcp-server-manager
config=
server=payara-micro

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
root=$(dirname "$here")
target=$root/manager/target
war=$target/mcp-server-manager.war
payara_jar=$target/payara-micro.jar
wildfly_home=$target/wildfly-$wildfly_release

say() { printf '%s\n' "$*"; }
fail() { printf 'run.sh: %s\n' "$*" >&2; exit 1; }
misuse() { printf 'run.sh: %s\nTry: %s --help\n' "$*" "$0" >&2; exit 2; }

usage() {
  cat <<END
Usage: payara/run.sh [options]

Builds MCP Server Manager when its sources are newer than the build, starts it on this machine's
loopback address and stays in the foreground. Ctrl-C or SIGTERM stops it, a second one kills it.

  --config FILE       servers to look after (default: a demo server)
  --port N            HTTP port (default: 8080)
  --state-dir DIR     keys, database and logs (default: ~/.mcp-server-manager)
  --server NAME       payara-micro (default) or wildfly
  --help              this text

Environment:
  JAVA_HOME                a JDK, 17 or newer (otherwise: java on the PATH, then /usr/lib/jvm)
  MCP_MANAGER_JAVA_OPTS    more options for the server's JVM (default heap: -Xmx512m)

Exit status: 0 after a stop that was asked for, 2 for a wrong option, otherwise what went wrong is
printed and the status is not 0.
END
}

parse() {
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) usage; exit 0 ;;
      --config=* | --port=* | --state-dir=* | --server=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
      --config | --port | --state-dir | --server)
        [ $# -ge 2 ] && [ -n "$2" ] || misuse "$1 needs a value"
        case $1 in
          --config) config=$2 ;;
          --port) port=$2 ;;
          --state-dir) state_dir=$2 ;;
          --server) server=$2 ;;
        esac
        shift 2 ;;
      *) misuse "unknown option: $1" ;;
    esac
  done
  [[ $port =~ ^[1-9][0-9]{0,4}$ ]] && [ "$port" -le 65535 ] || misuse "--port: $port (expected: 1 to 65535)"
  case $server in
    payara-micro | wildfly) ;;
    *) misuse "--server: $server (expected: payara-micro or wildfly)" ;;
  esac
  if [ -n "$config" ]; then
    [ -f "$config" ] && [ -r "$config" ] || misuse "--config: $config is not a file that can be read"
    config=$(cd "$(dirname "$config")" && pwd -P)/$(basename "$config")
  fi
}

# The feature release of the JDK in directory $1: 17, 25 ... or 0.
release_of() {
  local version
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || { echo 0; return; }
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  [ -n "$version" ] || version=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  echo "${version:-0}"
}

find_jdk() {
  local candidate on_path=
  if command -v java >/dev/null 2>&1; then
    on_path=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
  fi
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/*; do
    if [ -n "$candidate" ] && [ "$(release_of "$candidate")" -ge 17 ]; then
      [ "$candidate" = "${JAVA_HOME:-}" ] || say "Java: $candidate"
      export JAVA_HOME=$candidate
      return
    fi
  done
  fail "no JDK 17 or newer in JAVA_HOME (${JAVA_HOME:-not set}), on the PATH or in /usr/lib/jvm; install one, for
example with: apt-get install openjdk-17-jdk-headless"
}

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

# One child at a time; a signal is passed on to it, and the next one kills it.
child=
asked_to_stop=false
on_signal() {
  [ -n "$child" ] || exit 0
  if $asked_to_stop; then
    kill -KILL "$child" 2>/dev/null
    say "Killing it."
  else
    asked_to_stop=true
    kill -TERM "$child" 2>/dev/null
    say
    say "Stopping. (Once more kills it.)"
  fi
}
trap on_signal INT TERM HUP
# whoever read what we say may have left; the server is still ours to stop
trap : PIPE

# Waits for the child and returns its status; a wait that a signal interrupted is taken up again.
reap() {
  local status
  while kill -0 "$child" 2>/dev/null; do wait "$child"; done
  wait "$child"
  status=$?
  child=
  return $status
}

# Runs ./mvnw with the arguments; its output is shown when it fails.
maven() {
  local log=$state_dir/logs/build.log status
  (cd "$root" && exec ./mvnw -B -ntp "$@") >"$log" 2>&1 </dev/null &
  child=$!
  reap
  status=$?
  $asked_to_stop && { say "Stopped."; exit 0; }
  [ $status -eq 0 ] && return
  grep -E '^\[ERROR\]' "$log" >&2 || tail -n 30 "$log" >&2
  fail "the build failed; all of its output: $log"
}

build() {
  local newer=
  if [ -f "$war" ] && [ -f "$payara_jar" ]; then
    newer=$(find "$root/pom.xml" "$root/manager/pom.xml" "$root/manager/src/main" \
      "$root/demo-server/pom.xml" "$root/demo-server/src/main" -newer "$war" 2>/dev/null | head -n 1)
  fi
  if [ ! -f "$war" ] || [ ! -f "$payara_jar" ] || [ -n "$newer" ]; then
    say "Building. The first time downloads Maven, libraries and the server from Maven Central: some minutes."
    maven -Dmaven.test.skip=true package
    touch "$war"
  fi
  if [ "$server" = wildfly ] && [ ! -f "$wildfly_home/jboss-modules.jar" ]; then
    say "Fetching WildFly $wildfly_release from Maven Central."
    maven -pl manager dependency:unpack@wildfly
  fi
}

prepare() {
  (umask 077 && mkdir -p "$state_dir/logs" "$state_dir/server") || fail "cannot create $state_dir"
  state_dir=$(cd "$state_dir" && pwd -P)
  work=$state_dir/server/$server-$port
  log=$state_dir/logs/server.log
  out=$state_dir/logs/server.out
}

# Lets the manager tell the kernel that servers inherit none of its descriptors; without it starts take longer.
native_access() {
  case $(release_of "$JAVA_HOME") in
    17) echo --add-modules=jdk.incubator.foreign --enable-native-access=ALL-UNNAMED ;;
    18 | 19 | 20 | 21) ;;
    *) echo --enable-native-access=ALL-UNNAMED ;;
  esac
}

jvm_options() {
  java=("$JAVA_HOME/bin/java" -Xmx512m -XX:+ExitOnOutOfMemoryError -Djava.awt.headless=true
    "-Dmcp.manager.state-dir=$state_dir" "-Dmcp.manager.port=$port")
  [ -z "$config" ] || java+=("-Dmcp.manager.config=$config")
  local extra
  read -r -a extra <<<"$(native_access) ${MCP_MANAGER_JAVA_OPTS:-}"
  java+=(${extra[@]+"${extra[@]}"})
}

prepare_payara() {
  mkdir -p "$work"
  # the handler appends a number; the plain name points at the current file
  [ -L "$log" ] || { [ -f "$log" ] && mv "$log" "$log.wildfly"; }
  ln -sfn server.log.0 "$log"
  sed "s|@LOG@|$log|" "$here/logging.properties" >"$work/logging.properties"
  command=("${java[@]}" "@$here/jvm.options" -jar "$payara_jar" --nohazelcast --disablephonehome --rootdir "$work/root"
    --prebootcommandfile "$here/preboot.txt" --logproperties "$work/logging.properties"
    --contextroot / --port "$port" --deploy "$war")
  is_up='Payara Micro .* ready in'
}

prepare_wildfly() {
  local option
  [ ! -L "$log" ] || rm -f "$log"
  mkdir -p "$work/deployments"
  cp -R "$wildfly_home/standalone/configuration" "$work/configuration"
  sed -e 's|periodic-rotating-file-handler|size-rotating-file-handler|' \
    -e 's|<size-rotating-file-handler name="FILE" |&rotate-on-boot="true" |' \
    -e 's|<suffix value=".yyyy-MM-dd"/>|<rotate-size value="10m"/><max-backup-index value="4"/>|' \
    -e '/<handler name="CONSOLE"\/>/d' \
    "$wildfly_home/standalone/configuration/standalone.xml" >"$work/configuration/standalone.xml"
  cp "$war" "$work/deployments/ROOT.war"
  command=("${java[@]}" -Djava.net.preferIPv4Stack=true -Djboss.modules.system.pkgs=org.jboss.byteman)
  for option in exports=java.desktop/sun.awt exports=java.naming/com.sun.jndi.ldap \
    exports=java.naming/com.sun.jndi.url.ldap exports=java.naming/com.sun.jndi.url.ldaps \
    exports=jdk.naming.dns/com.sun.jndi.dns opens=java.base/java.lang opens=java.base/java.lang.invoke \
    opens=java.base/java.lang.reflect opens=java.base/java.io opens=java.base/java.net \
    opens=java.base/java.security opens=java.base/java.util opens=java.base/java.util.concurrent \
    opens=java.management/javax.management opens=java.naming/javax.naming; do
    command+=("--add-$option=ALL-UNNAMED")
  done
  command+=("-Dorg.jboss.boot.log.file=$log" "-Dlogging.configuration=file:$work/configuration/logging.properties"
    -jar "$wildfly_home/jboss-modules.jar" -mp "$wildfly_home/modules" org.jboss.as.standalone
    "-Djboss.home.dir=$wildfly_home" "-Djboss.server.base.dir=$work" "-Djboss.server.log.dir=$state_dir/logs"
    -b 127.0.0.1 -bmanagement 127.0.0.1 "-Djboss.http.port=$port"
    "-Djboss.https.port=$(neighbour 363)" "-Djboss.management.http.port=$(neighbour 1910)")
  is_up='WFLYSRV002[56]'
}

# A port as far from ours as WildFly's own are from 8080.
neighbour() { if [ $((port + $1)) -le 65535 ]; then echo $((port + $1)); else echo $((port - $1)); fi; }

# The HTTP status of /health/ready, or nothing.
ready_status() {
  (
    exec 3<>"/dev/tcp/127.0.0.1/$port" || exit
    printf 'GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$port" >&3
    read -r -t 10 _ status _ <&3 && printf '%s' "$status"
  ) 2>/dev/null
}

explain() {
  local reason
  reason=$(cat "$out" "$log" 2>/dev/null | grep -E 'SEVERE|ERROR|Exception|Caused by|error:' | grep -v '^[[:space:]]*at ' | tail -n 15 | cut -c1-400)
  [ -n "$reason" ] || reason=$(cat "$out" "$log" 2>/dev/null | grep -v '^[[:space:]]*at ' | tail -n 15 | cut -c1-400)
  printf '%s\n' "$reason" >&2
  say "The whole log: $log" >&2
}

await_ready() {
  local status seconds=$SECONDS
  while kill -0 "$child" 2>/dev/null && ! $asked_to_stop; do
    status=$(ready_status)
    [ "$status" = 200 ] && return 0
    if [ "$status" = 404 ] && grep -qE "$is_up" "$log" 2>/dev/null && [ "$(ready_status)" = 404 ]; then
      say "The server started, but the application did not:" >&2
      explain
      kill -TERM "$child"
      reap
      exit 1
    fi
    if [ $((SECONDS - seconds)) -ge 60 ]; then
      say "Not ready yet (/health/ready: ${status:-no answer}); the log: $log"
      seconds=$SECONDS
    fi
    sleep 0.3
  done
  return 1
}

greet() {
  cat <<END

MCP Server Manager is ready ($((SECONDS - started)) s). Ctrl-C stops it.

  Management API    http://127.0.0.1:$port/api/mcp/servers
  Admin key         $state_dir/admin.key   (send it as: Authorization: Bearer KEY)
  Log               $log

For an AI client, with the content of the key file in place of KEY:

{
  "mcpServers": {
    "manager": {
      "type": "http",
      "url": "http://127.0.0.1:$port/mcp",
      "headers": { "Authorization": "Bearer KEY" }
    }
  }
}
END
}

run() {
  local status
  rm -rf "$work"
  case $server in
    payara-micro) prepare_payara; say "Starting on Payara Micro $payara_release, port $port." ;;
    wildfly) prepare_wildfly; say "Starting on WildFly $wildfly_release, port $port." ;;
  esac
  started=$SECONDS
  (cd "$work" && exec "${command[@]}") >"$out" 2>&1 </dev/null &
  child=$!
  if await_ready; then
    greet
    reap
    status=$?
    $asked_to_stop || { say "The server ended by itself with status $status:" >&2; explain; }
  else
    reap
    status=$?
    $asked_to_stop || { say "The server ended with status $status before it was ready:" >&2; explain; }
  fi
  if $asked_to_stop; then
    case $status in
      0 | 130 | 143) say "Stopped."; exit 0 ;;
      *) say "It ended with status $status." >&2 ;;
    esac
  fi
  [ "$status" -ne 0 ] || status=1
  exit "$status"
}

parse "$@"
[ -n "$state_dir" ] && [ "$state_dir" != /.mcp-server-manager ] || fail "HOME is not set: give --state-dir DIR"
! port_answers || fail "port $port on 127.0.0.1 is taken by another program; stop it, or give --port N"
find_jdk
prepare
build
jvm_options
run
