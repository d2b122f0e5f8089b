#!/usr/bin/env bash
# Times the ten measures in Milepost and its peers, in one run: tests/bench/run.sh [ROWS …]
set -euo pipefail
cd "$(dirname "$0")/../.."
here=tests/bench
work=${CARGO_TARGET_DIR:-target}/bench
runs=${RUNS:-7}
mkdir -p "$work"

for tool in hyperfine python3 /usr/bin/time; do
  command -v "$tool" >/dev/null || { echo "bench: $tool is not installed" >&2 && exit 1; }
done
python=python3
if ! python3 -c 'import numpy, pandas, duckdb, polars' 2>/dev/null; then
  python3 -m venv "$work/python"
  python=$work/python/bin/python3
  "$python" -m pip install --quiet numpy pandas pyarrow duckdb polars
fi
cargo build --release --locked
milepost=${CARGO_TARGET_DIR:-target}/release/milepost

peak() { # the highest resident memory of a command, in MB
  /usr/bin/time -f %M -o "$work/peak" "$@" >/dev/null
  echo $(($(tail -n 1 "$work/peak") / 1024))
}

[ $# -gt 0 ] || set -- 2000000 100000
for rows in "$@"; do
  project=$work/$rows
  mkdir -p "$project"
  cp "$here"/project/*.toml "$project/"
  file=$project/deals.csv
  [ -s "$file" ] || "$python" "$here/deals.py" "$rows" "$file"
  ours="$milepost metrics $project $(cat "$here/words.txt")"
  $ours --format json >"$project/milepost.json"
  "$python" "$here/peers.py" duckdb "$file" --json >"$project/duckdb.json"
  "$python" "$here/compare.py" "$project/milepost.json" "$project/duckdb.json"
  hyperfine -N --warmup 1 --runs "$runs" --style none --export-json "$project/times.json" \
    -n milepost "$ours --format json" \
    -n duckdb "$python $here/peers.py duckdb $file" \
    -n polars "$python $here/peers.py polars $file" \
    -n pandas "$python $here/peers.py pandas $file" >/dev/null
  memory="milepost=$(peak $ours --format json)"
  for peer in duckdb polars pandas; do
    memory="$memory $peer=$(peak "$python" "$here/peers.py" $peer "$file")"
  done
  "$python" "$here/table.py" "$rows" "$project/times.json" $memory
done
