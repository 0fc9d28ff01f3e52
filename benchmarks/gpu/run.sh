#!/bin/sh
# Runs the benchmark on this machine. It needs nothing but a GPU's driver: Node and all else are in this folder.
here=$(cd "$(dirname "$0")" && pwd)
exec "$here/node" "$here/main.cjs" "$@"
