#!/bin/sh
# The step of action.yml that runs tablefull. Its inputs are variables; the results’ folder and the exit code
# become outputs of the step.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/tablefull-XXXXXX")

if [ -n "${SCENARIO:-}" ]; then
  set -- run "$SCENARIO" --lab "$LAB"
  [ -z "${PARAM:-}" ] || set -- "$@" --param "$PARAM"
  [ -z "${REMEDY:-}" ] || set -- "$@" --remedy "$REMEDY"
  [ -z "${EXPECT:-}" ] || set -- "$@" --expect "$EXPECT"
else
  set -- test "$SUITE" --lab "$LAB"
fi
set -- "$@" --inconclusive "$INCONCLUSIVE" --retry-inconclusive "$RETRY" --out "$folder"

# As root a lab needs no setting of the machine; sudo drops the variables of the job but for these.
keep=GITHUB_ACTIONS,GITHUB_STEP_SUMMARY,GITHUB_WORKSPACE,TABLEFULL_DEBUG
as_root() {
  if [ "$(id -u)" != 0 ] && command -v sudo >/dev/null 2>&1; then sudo "--preserve-env=$keep" "$@"; else "$@"; fi
}

code=0
as_root "$here/node_modules/.bin/node" "$here/src/cli/main.ts" "$@" || code=$?
{
  echo "exit-code=$code"
  echo "folder=$folder"
} >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$code"
