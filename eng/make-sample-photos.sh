#!/usr/bin/env bash
# Draws samples/photos/*.jpg from the scenes beside this script. Needs chromium, imagemagick and python3; run it only after changing a scene.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p samples/photos

# scene, day and time at which it was "taken"
while read -r name taken_at; do
  scene=eng/sample-photos/$name.svg
  size=$(grep -oP '(width|height)="\K[0-9]+' "$scene" | head -2 | paste -sd,)
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size="$size" \
    --screenshot="$work/$name.png" "file://$PWD/$scene" >/dev/null 2>&1
  convert "$work/$name.png" -attenuate 0.06 +noise Gaussian -sampling-factor 4:2:0 -interlace Plane -define jpeg:extent=56kb "$work/$name.jpg"
  python3 eng/sample-photos/write_exif.py "$work/$name.jpg" "samples/photos/$name.jpg" "$taken_at"
done <<'SCENES'
cake 2026-05-02T17:30:00
pizza 2026-05-02T14:10:00
garden 2026-05-02T18:45:00
beach 2026-07-19T12:05:00
mountain 2026-08-08T21:15:00
cat 2026-09-13T16:20:00
SCENES
ls -l samples/photos
