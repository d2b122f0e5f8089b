#!/usr/bin/env bash
# Times the ten measures over a workbook against a bare pass over its cells: tests/bench/sheet.sh [ROWS]
set -euo pipefail
cd "$(dirname "$0")/../.."
here=tests/bench
target=${CARGO_TARGET_DIR:-target}
work=$target/bench
rows=${1:-100000}
runs=${RUNS:-7}
python=${PYTHON:-python3}

cargo build --release --locked
cargo build --release --locked --manifest-path "$here/sheet/Cargo.toml" --target-dir "$work/sheet"
sheet=$work/sheet/release/sheet

for project in told found; do
  mkdir -p "$work/$rows-$project"
  sed 's/deals\.csv/deals.xlsx/' "$here/project/milepost.toml" >"$work/$rows-$project/milepost.toml"
  cp "$here/project/measures.toml" "$work/$rows-$project/"
done
sed -i '/^as-of/d' "$work/$rows-found/milepost.toml"
csv=$work/$rows/deals.csv
mkdir -p "$work/$rows"
[ -s "$csv" ] || "$python" "$here/deals.py" "$rows" "$csv"
file=$work/$rows-told/deals.xlsx
[ -s "$file" ] || "$sheet" write "$csv" "$file"
ln -f "$file" "$work/$rows-found/deals.xlsx"

words="$(cat "$here/words.txt") --format json"
hyperfine -N --warmup 1 --runs "$runs" \
  -n "bare pass" "$sheet read $file" \
  -n "as-of told" "$target/release/milepost metrics $work/$rows-told $words" \
  -n "as-of found" "$target/release/milepost metrics $work/$rows-found $words"
if "$python" -c 'import pandas, openpyxl' 2>/dev/null; then
  hyperfine -N --runs 1 -n "pandas reads it" \
    "$python -c \"import pandas; pandas.read_excel('$file')\""
fi
