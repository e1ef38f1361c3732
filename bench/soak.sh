#!/bin/sh
# Servers with random bad habits beside healthy ones under load: bench/soak.sh [SECONDS] [SERVERS] [SEED].
# Prints what it measured; exits with 1 when a healthy server lost a call, or something was left at the end.
set -eu
cd "$(dirname "$0")/.."
./mvnw -q -pl manager test-compile dependency:build-classpath -Dmdep.outputFile=target/soak.classpath -Dmdep.includeScope=test
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
# as run.sh does
native='--enable-native-access=ALL-UNNAMED --add-opens=java.base/java.io=ALL-UNNAMED'
incubator=--add-modules=jdk.incubator.foreign
"$java" "$incubator" -version >/dev/null 2>&1 || incubator=
# shellcheck disable=SC2086 # several options, or none
exec "$java" -Xmx256m $native $incubator \
    -cp "manager/target/test-classes:manager/target/classes:$(cat manager/target/soak.classpath)" \
    org.mcpservermanager.faults.Soak "$@"
