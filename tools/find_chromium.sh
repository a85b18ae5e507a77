#!/usr/bin/env bash
# Says which Chromium the browser tests will use, and installs one when there is none: by apt when root, else by Playwright.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then echo "Chromium : $name"; exit 0; fi
done
if ls "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}"/chromium*/ >/dev/null 2>&1; then echo "Chromium : celui de Playwright"; exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Chromium n'est pas installé : apt-get install chromium (une fois)"
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu-core >/dev/null
else
  echo "Chromium n'est pas installé : playwright install chromium (une fois)"
  .venv/bin/playwright install chromium
fi
