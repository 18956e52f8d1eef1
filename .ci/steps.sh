# shellcheck shell=bash
# What bin/check and bin/ci share: run a step, show what it says, remember how it went, and tell at the end.

steps=()        # one line each: result, seconds, name
broken=0        # how many steps failed
tests_passed=0  # over all test steps
tests_failed=0
tests_ran=      # empty while no step ran tests

step() { # step NAME COMMAND...
    local name=$1 began=$SECONDS result=ok
    shift
    printf '\n== %s\n' "$name"
    "$@" || { result=FAILED && broken=$((broken + 1)); }
    steps+=("$(printf '%-7s %4d s  %s' "$result" $((SECONDS - began)) "$name")")
}

run_tests() { # run_tests PYTEST_ARGUMENTS..., with pytest's closing line added to the sums
    local log status=0
    tests_ran=yes
    log=$(mktemp)
    .venv/bin/python -m pytest "$@" 2>&1 | tee "$log" || status=$?
    tests_passed=$((tests_passed + $(counted passed "$log")))
    tests_failed=$((tests_failed + $(counted failed "$log") + $(counted 'errors\{0,1\}' "$log")))
    rm -f "$log"
    return $status
}

counted() { # counted WORD LOG
    local number
    number=$(tail -n 1 "$2" | sed -n "s/.*\b\([0-9][0-9]*\) $1\b.*/\1/p")
    echo "${number:-0}"
}

tell() { # the closing summary, and the exit code
    printf '\n'
    printf '%s\n' "${steps[@]}"
    [ -z "$tests_ran" ] || printf '%d passed, %d failed\n' "$tests_passed" "$tests_failed"
    [ $broken -eq 0 ]
}
