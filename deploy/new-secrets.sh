#!/usr/bin/env bash
# Makes the files that compose.yaml names as secrets, and leaves those that are there as they are.
# The token can also come from TELEGRAM_BOT_TOKEN, so that nobody has to type.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 077
mkdir -p secrets

random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
keep() { [[ -s secrets/$1.txt ]] && echo "kept  secrets/$1.txt"; }
make() {
  printf '%s' "$2" >"secrets/$1.txt"
  # A container's user is not yours: it reads the file as one of the others. The folder stays closed.
  chmod 0644 "secrets/$1.txt"
  echo "made  secrets/$1.txt"
}

keep backend_secret || make backend_secret "$(random)"
keep postgres_password || make postgres_password "$(random)"
keep database_url || make database_url "postgres://rafaga:$(cat secrets/postgres_password.txt)@postgres:5432/rafaga"
keep dashboard_password || { make dashboard_password "$(random | head -c 20)"; echo "      its password: $(cat secrets/dashboard_password.txt)"; }
keep telegram_bot_token || {
  token=${TELEGRAM_BOT_TOKEN:-}
  [[ -n $token ]] || read -rsp "Token of the bot, from @BotFather (not shown): " token
  echo
  [[ $token =~ ^[0-9]+:[A-Za-z0-9_-]+$ ]] || { echo "That is no token (123456789:ABC…)." >&2; exit 2; }
  make telegram_bot_token "$token"
}
