#!/usr/bin/env bash
# Measures Ráfaga and its peers in one run on one fresh redis-server, and prints a table: what was measured, what was wanted, met or missed.
# Switches: --quick       fewer and shorter rounds: a look, not a figure to quote
#           --readme      puts the table into bench/README.md
#           --only NAME…  the measures whose names begin so
#           --allocations BenchmarkDotNet's short job on the hot paths instead: what each call allocates
set -euo pipefail
cd "$(dirname "$0")"

for program in dotnet redis-server redis-cli node npm; do
  command -v "$program" >/dev/null || { echo "bench/run.sh needs $program: apt-get install redis-server nodejs npm" >&2; exit 1; }
done

if [[ ${1:-} == --allocations ]]; then
  folder=$(mktemp -d)
  port=$((20000 + RANDOM % 20000))
  redis-server --port "$port" --bind 127.0.0.1 --dir "$folder" --save "" --appendonly yes --logfile server.log &
  server=$!
  trap 'kill "$server"; wait "$server" || true; rm -rf "$folder"' EXIT
  until redis-cli -p "$port" PING &>/dev/null; do kill -0 "$server"; done
  export RAFAGA_BENCH_REDIS_URL=redis://127.0.0.1:$port
  dotnet run -c Release --project Rafaga.Bench.Allocations -- --filter '*' --artifacts "$folder"
  exit
fi

echo "Building …"
dotnet build Rafaga.Bench -c Release -v quiet -clp:ErrorsOnly
# The peer, at the versions of the lock file.
npm install --prefix bullmq --no-save --no-audit --no-fund --ignore-scripts --loglevel error
dotnet run --no-build -c Release --project Rafaga.Bench -- "$@" "$PWD"
