#!/usr/bin/env bash
# The workflow, executable: setup, demo, test, screenshots, lint, lock. Everything it makes is inside this folder.
#
#     ./run.sh setup              make .venv with the locked dependencies (nothing to do when it is current)
#     ./run.sh demo               harvest the articles of fixtures/ and search them
#     ./run.sh test [ARGS]        what CI runs: lint, then pytest with ARGS
#     ./run.sh screenshots        make the pictures of docs/images from fixtures/ (needs chromium)
#     ./run.sh lint               ruff, mypy, the import contract
#     ./run.sh lock               choose newer dependencies and write requirements.lock
#     ./run.sh wenzhai ARGS       run the tool
#
# Needs git's checkout, and Python 3.11 or newer with pip and venv. uv is used when it is there, and
# fetched into .bootstrap when it is not.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=$root/.venv
stamp=$venv/.wenzhai-setup
# Trust whom this machine trusts: behind a company's proxy, uv's own certificates are not enough.
export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-true}

say() { printf '%s\n' "$*" >&2; }

die() {
    say "run.sh: $*"
    exit 1
}

usage() { sed -n '2,/^set /{/^set /d; s/^# \{0,1\}//; p;}' "${BASH_SOURCE[0]}"; }

# A Python that is new enough to make .bootstrap with; only needed when there is no uv.
find_python() {
    local name
    for name in python3 python python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
    done
    die "needs Python 3.11 or newer"
}

find_uv() {
    if command -v uv; then
        return
    fi
    local bootstrap=$root/.bootstrap
    if [ ! -x "$bootstrap/bin/uv" ]; then
        say "fetching uv into .bootstrap"
        local python
        python=$(find_python)
        "$python" -m venv "$bootstrap" || die "could not make .bootstrap: is Python's venv module installed?"
        "$bootstrap/bin/python" -m pip install --quiet --disable-pip-version-check uv >&2 || die "could not install uv"
    fi
    printf '%s\n' "$bootstrap/bin/uv"
}

# What .venv was made from; the folder counts because the editable install points to it.
state() { { printf '%s\n' "$root"; cat "$root/requirements.lock" "$root/pyproject.toml"; } | cksum; }

setup() {
    if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(state)" ]; then
        return
    fi
    local uv
    uv=$(find_uv)
    say "making .venv"
    (
        cd "$root"
        if ! "$venv/bin/python" -c '' 2>/dev/null; then
            "$uv" venv --quiet --clear "$venv"
        fi
        "$uv" pip sync --quiet --python "$venv/bin/python" --require-hashes requirements.lock
        "$uv" pip install --quiet --python "$venv/bin/python" --no-deps --editable .
    )
    state >"$stamp"
}

# All of them run, so that one look shows everything; fails if any did.
lint() {
    local failed=0
    cd "$root"
    ruff check . || failed=1
    ruff format --check . || failed=1
    mypy . || failed=1
    lint-imports --no-logo || failed=1
    return "$failed"
}

has_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null

run_tests() {
    local linted=0
    lint || linted=1
    pytest "$@" || exit $?
    has_browser || say "SKIPPED: the tests in a real browser. Install chromium to run them (Debian: apt-get install chromium fonts-noto-cjk)"
    [ "$linted" = 0 ] || die "the tests pass, but lint found something above"
}

screenshots() {
    has_browser || die "needs chromium (Debian: apt-get install chromium fonts-noto-cjk)"
    WENZHAI_SCREENSHOTS=$root/docs/images pytest -q tests/browser
}

lock() {
    local uv
    uv=$(find_uv)
    cd "$root"
    # No addresses are written into it: it is good with any index.
    "$uv" pip compile --quiet --upgrade --universal --generate-hashes --group dev --all-extras --no-header --no-emit-index-url \
        --no-emit-find-links --python-version 3.11 --output-file requirements.lock pyproject.toml
    say "wrote requirements.lock"
}

demo() {
    cd "$root"
    demo_folder=$(mktemp -d)
    trap 'rm -rf "$demo_folder"' EXIT
    show harvest fixtures/archive
    show search 单细胞 --limit 2
    show search --gene CCR7 --findings
    show show fb7b
    show export 单细胞 --format jsonl --output "$demo_folder/single-cell.jsonl"
    say "That was in a temporary folder. Your own articles: ./run.sh wenzhai harvest FOLDER"
}

# Prints a command as it would be typed, then runs it on the demo's database.
show() {
    printf '\n$ wenzhai %s\n' "${*//"$demo_folder/"/}"
    wenzhai "$@" --db "$demo_folder/wenzhai.db"
}

command=${1:-help}
[ "$#" = 0 ] || shift
case $command in
    setup) setup ;;
    demo | lint | screenshots | test | wenzhai)
        setup
        export PATH=$venv/bin:$PATH
        case $command in
            demo) demo ;;
            lint) lint ;;
            screenshots) cd "$root" && screenshots ;;
            test) cd "$root" && run_tests "$@" ;;
            wenzhai) exec wenzhai "$@" ;;
        esac
        ;;
    lock) lock ;;
    help | -h | --help) usage ;;
    *)
        usage >&2
        exit 2
        ;;
esac
