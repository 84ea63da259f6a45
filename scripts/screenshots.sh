#!/usr/bin/env bash
# Takes the pictures of docs/images anew: every page, light and dark, as they are now. Needs chromium; pngquant makes them small where it is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

pictures=$(mktemp -d)
trap 'rm -rf "$pictures"' EXIT
dotnet build tests/Rafaga.EndToEnd.Tests -v quiet -clp:ErrorsOnly
RAFAGA_SCREENSHOTS=$pictures RAFAGA_SCREENSHOT=$pictures/chat.png dotnet run --no-build --project tests/Rafaga.EndToEnd.Tests -- \
  --filter-method "*Every_page_can_be_shown*" --filter-method "*So_can_the_page_where_one_signs_in*" --filter-method "*The_picture_of_the_README*"
rm -f "$pictures"/*-phone.png "$pictures"/batch-dead-*.png
if command -v pngquant >/dev/null; then
  # 4 for what would not become smaller.
  pngquant --force --ext .png --skip-if-larger "$pictures"/*.png || [[ $? == 98 ]]
fi
cp "$pictures"/*.png docs/images/
ls -l docs/images
