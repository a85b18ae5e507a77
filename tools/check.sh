#!/usr/bin/env bash
# Lint, types, layers and packages: what can be judged without running the product.
set -euo pipefail
bin=.venv/bin
echo "ruff";         $bin/ruff check -q server tests tools bench migrations; $bin/ruff format -q --check server tests tools bench migrations
echo "mypy";         $bin/mypy --no-error-summary -p server
echo "lint-imports"; $bin/lint-imports --no-cache >/tmp/jalon-imports.$$ 2>&1 || { cat /tmp/jalon-imports.$$; rm -f /tmp/jalon-imports.$$; exit 1; }
rm -f /tmp/jalon-imports.$$
echo "jalon check";  $bin/jalon check
