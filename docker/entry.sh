#!/bin/sh
# Entry of the image: `start` is the server, any other word a command of the CLI. Takes the shell's place, so that a
# SIGTERM reaches the server itself.
set -eu
root=$(dirname "$(dirname "$(readlink -f "$0")")")
case "${1:-start}" in
start)
	[ $# -eq 0 ] || shift
	exec node --disable-warning=ExperimentalWarning "$root/src/main.ts" "$@"
	;;
*) exec node --disable-warning=ExperimentalWarning "$root/src/cli/main.ts" "$@" ;;
esac
