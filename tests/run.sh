#!/usr/bin/env bash
# Builds the solution and runs all tests. Needs the .NET SDK that global.json names, and Node.js with npm for the tests of Azure Storage,
# which are skipped without it; all else comes as packages.
#
#   bash tests/run.sh [--no-format] [--only NAME] [--faults | --fuzz] [RUNNER OPTIONS]
#
# --no-format   leaves the check of the code's formatting out
# --only NAME   runs the test projects whose name contains NAME, for example --only Grains
# --faults      runs the whole fault matrix and nothing else, four cells at once, and writes its result to docs/faults.md
# --fuzz        gives each parser a million random and damaged inputs and nothing else, in about half an hour; artifacts/fuzz.txt has the figures
# What else is given goes to each test runner: --filter-class '*RoundTests', --filter-method '*_is_refused'.
#
# The last line is 'N passed, N failed, N skipped'. A build or formatting that fails counts as one failure.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
cd "$root" || exit 1

passed=0 failed=0 skipped=0

finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

fail() {
    echo "$1" >&2
    failed=$((failed + 1))
}

format=yes only='' limit=40m options=()
while [ $# -gt 0 ]; do
    case $1 in
        --no-format) format=no ;;
        --only)
            only=${2-}
            [ -n "$only" ] || { echo "--only needs a part of a test project's name, such as Grains." >&2; exit 2; }
            shift
            ;;
        --faults)
            only=EndToEnd limit=6h options+=(--filter-class '*FaultMatrixTests' --max-threads 4)
            export ORLEANSEDGE_FAULT_MATRIX=$root/docs/faults.md
            ;;
        --fuzz)
            only=Fuzz limit=6h
            export ORLEANSEDGE_FUZZ_INPUTS=${ORLEANSEDGE_FUZZ_INPUTS:-1000000} ORLEANSEDGE_FUZZ_REPORT=$root/artifacts/fuzz.txt
            rm -f "$ORLEANSEDGE_FUZZ_REPORT"
            ;;
        -h | --help) sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
        *) options+=("$1") ;;
    esac
    shift
done

if ! command -v dotnet > /dev/null; then
    fail "The .NET 10 SDK is missing: install it (apt-get install dotnet-sdk-10.0, or https://dotnet.microsoft.com/download/dotnet/10.0)."
    finish
fi

if ! dotnet --version > /dev/null; then
    fail "No installed .NET SDK is one that global.json allows: install version 10 (https://dotnet.microsoft.com/download/dotnet/10.0)."
    finish
fi

# The tests of a cluster start a Redis of their own; where there is none and it cannot be installed, they skip.
if ! command -v redis-server > /dev/null && [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
    echo "Installing redis-server"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server; } > /dev/null 2>&1 < /dev/null \
        || echo "redis-server could not be installed: the tests that need it skip." >&2
fi

# No compiler or build process stays behind, and nothing is sent or asked.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

echo "Building"
if ! dotnet build OrleansEdge.sln -c Release -v quiet -nologo -p:UseSharedCompilation=false < /dev/null; then
    fail "The build has failed: see above."
    finish
fi

if [ "$format" = yes ]; then
    echo "Checking the formatting"
    dotnet format OrleansEdge.sln --verify-no-changes --no-restore < /dev/null \
        || fail "The formatting is not as .editorconfig says: 'dotnet format OrleansEdge.sln' puts it right."
fi

# The tests would install it themselves, but then with the clock of a test running.
if ! command -v node > /dev/null; then
    echo "Node.js is missing, so the tests that need Azurite will be skipped: apt-get install nodejs npm." >&2
elif ! node infra/azurite/install.js < /dev/null; then
    echo "Azurite is missing, so the tests that need it will be skipped: see above." >&2
fi

# Whatever tests write to the temporary folder goes with it.
work=$(mktemp -d -t orleansedge-tests.XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Adds up one runner's summary ('  total: 31', '  failed: 0', …), which is the last of its kind in its output.
count() {
    sed -n "s/^ *$1: \([0-9][0-9]*\) *\$/\1/p" "$work/log" | tail -n 1
}

for project in tests/*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    case $name in *"$only"*) ;; *) continue ;; esac
    echo
    echo "== $name"
    mkdir "$work/tmp"
    # Exit code 8: no test matched, which is right for all projects but one when there is a filter.
    TMPDIR=$work/tmp "artifacts/bin/$name/release/$name" --no-ansi --progress off --timeout "$limit" --ignore-exit-code 8 \
        ${options[@]+"${options[@]}"} < /dev/null 2>&1 | tee "$work/log"
    code=${PIPESTATUS[0]}
    rm -rf "$work/tmp"

    succeeded=$(count succeeded) failures=$(count failed) skips=$(count skipped)
    passed=$((passed + ${succeeded:-0}))
    failed=$((failed + ${failures:-0}))
    skipped=$((skipped + ${skips:-0}))
    if [ -z "$failures" ]; then
        fail "$name ended with exit code $code and without a summary: see above."
    elif [ "$code" -ne 0 ] && [ "$failures" -eq 0 ]; then
        fail "$name ended with exit code $code and named no failed test: see above."
    fi
done

echo
finish
