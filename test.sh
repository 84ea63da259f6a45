#!/usr/bin/env bash
# The one test command: installs what the tests need, builds, runs every test, and ends with "N passed, N failed, N skipped".
# Switches: RAFAGA_DIFFERENTIAL_OPERATIONS=N for longer random histories, RAFAGA_KILLS=N for longer kill loops (default 30 for each store).
set -euo pipefail
cd "$(dirname "$0")"

# Debian packages that the tests drive. Installed only where missing.
packages=(python3 chromium postgresql redis-server)
# Node.js from elsewhere brings its own npm, beside which Debian's cannot be installed.
command -v npm >/dev/null || packages+=(nodejs npm)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if ((${#missing[@]})); then
  echo "Installing ${missing[*]} …"
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# The libraries of the two bots that are not ours, at the versions of their lock file.
npm install --prefix tests/Strangers --no-save --no-audit --no-fund --ignore-scripts --loglevel error >/dev/null

echo "Building …"
dotnet restore Rafaga.slnx --locked-mode -v quiet
dotnet build Rafaga.slnx --no-restore -v quiet -clp:ErrorsOnly
dotnet format whitespace Rafaga.slnx --no-restore --verify-no-changes

report=$(mktemp)
trap 'rm -f "$report"' EXIT
status=0
dotnet test --solution Rafaga.slnx --no-build 2>&1 | tee "$report" || status=$?

count() { awk -v name="$1:" '/Test run summary/ {inside = 1} inside && $1 == name {print $2; exit}' "$report"; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
if [[ -z $passed ]]; then
  echo "The tests did not run." >&2
  exit 1
fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
