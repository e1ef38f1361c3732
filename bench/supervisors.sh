#!/usr/bin/env bash
# Measures the manager beside supervisord, pm2, s6 and runit with the same children: bench/supervisors.sh [ROUNDS] [SIZES]
# What is not installed is left out (Debian: supervisor, s6, runit; npm: pm2, found on PATH or by PM2=path).
# ONLY=name,name measures only these; IDLE=seconds (default 20).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
classes=$root/bench/target
"$root/mvnw" -q -B -ntp -f "$root/pom.xml" package -DskipTests -pl demo-server,manager
mkdir -p "$classes"
javac -Xlint:all -d "$classes" "$root"/bench/supervisors/*.java
echo "$(nproc) cores, $(uname -sr), $(java -version 2>&1 | head -n 1), load before: $(cut -d' ' -f1-3 /proc/loadavg)"
exec java -cp "$classes" Bench "$root" "${1:-3}" "${2:-100,500}" "${IDLE:-20}" "${ONLY:-all}"
