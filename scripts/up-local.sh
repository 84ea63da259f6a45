#!/usr/bin/env bash
# compose.yaml without containers: redis, PostgreSQL, backend, bot, worker and dashboard as processes on 127.0.0.1, against the simulator.
# Needs Debian's redis-server and postgresql; Ctrl+C ends all of it and removes its data.
set -euo pipefail
cd "$(dirname "$0")/.."
for program in redis-server psql; do
  command -v "$program" >/dev/null || { echo "$program is missing: apt-get install redis-server postgresql" >&2; exit 1; }
done
echo "Building …"
dotnet build tests/Rafaga.Stand -v quiet -clp:ErrorsOnly
exec artifacts/bin/Rafaga.Stand/debug/Rafaga.Stand
