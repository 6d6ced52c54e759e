# shellcheck shell=bash
# What tools/demo is told with: words, commands that are shown, and the programs it starts.
# Sourced. Sets place (a temporary directory), port, and the process ids cloud, daemon and subscriber;
# at the end, however it comes, all are stopped and the place is removed.

place='' port=0 hook=0 cloud='' daemon='' subscriber=''

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[[ -t 1 ]] || say() { printf '\n== %s\n' "$*"; }
die() { printf 'demo: %s\n' "$*" >&2; exit 1; }

# run 'COMMAND': as a person would type it.
run() { printf '\n$ %s\n' "$1"; eval "$1"; }

# expect PATTERN 'COMMAND': the same, and what it says has to match.
expect() {
    local said
    printf '\n$ %s\n' "$2"
    said=$(eval "$2" 2>&1) || { printf '%s\n' "$said"; die 'that should have worked'; }
    printf '%s\n' "$said"
    # shellcheck disable=SC2053  # a pattern
    [[ $said == $1 ]] || die "it should have said $1"
}

# refuse PATTERN 'COMMAND': works too, and what it says must not match.
refuse() {
    local said
    printf '\n$ %s\n' "$2"
    said=$(eval "$2" 2>&1) || { printf '%s\n' "$said"; die 'that should have worked'; }
    printf '%s\n' "$said"
    # shellcheck disable=SC2053  # a pattern
    [[ $said != $1 ]] || die "it should not have said $1"
}

# until_true SECONDS PID 'CONDITION' WHAT: polls, and gives up when the process has ended.
until_true() {
    local i
    for ((i = 0; i < $1 * 20; i++)); do
        eval "$3" >/dev/null 2>&1 && return
        kill -0 "$2" 2>/dev/null || die "$4 ended"
        sleep 0.05
    done
    die "$4 was not ready within $1 s"
}

# The first time on a free port, later on the same; what it keeps stays in its directory.
start_cloud() {
    rm -f "$place/port"
    memorypro-emulator --listen "127.0.0.1:$port" --port-file "$place/port" --data-dir "$place/cloud" \
        --api-key demo-key --api-secret demo-secret >>"$place/cloud.log" 2>&1 &
    cloud=$!
    # shellcheck disable=SC2016  # read where it is polled
    until_true 10 "$cloud" '[[ -s $place/port ]]' 'the development cloud'
    port=$(<"$place/port") port=${port##*:}
}

# No shutdown: nothing is told to anybody.
kill_cloud() {
    { kill -KILL "$cloud" && wait "$cloud"; } 2>/dev/null || true
    cloud=''
}

# It must not see the settings or credentials of the person who runs the demo.
start_daemon() {
    local name
    while IFS= read -r name; do unset "$name"; done < <(compgen -e MEMORYPRO_ || true)
    export MEMORYPRO_SOCKET=$place/memorypro.sock
    : >"$place/empty.env"
    hook=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    MEMORYPRO_DATA_DIR=$place/data MEMORYPRO_API_URL=http://127.0.0.1:$port \
        MEMORYPRO_API_KEY=demo-key MEMORYPRO_API_SECRET=demo-secret \
        MEMORYPRO_ENABLE_POLLING=false MEMORYPRO_WEBHOOK_SECRET=demo-webhook-secret \
        MEMORYPRO_WEBHOOK_LISTEN=127.0.0.1:$hook MEMORYPRO_WEBHOOK_URL=http://127.0.0.1:$hook/memorypro/webhook \
        memoryprod --config "$place/empty.env" 2>"$place/daemon.log" &
    daemon=$!
    until_true 10 "$daemon" 'memorypro status' 'the daemon'
}

# Follows the events of the daemon, those before too; what it hears goes to $place/heard.
start_subscriber() {
    memorypro events --follow --last-id 0 >"$place/heard" 2>"$place/subscriber.log" &
    subscriber=$!
}

# heard EVENT: waits for it, and shows what else the subscriber has heard of insights.
heard() {
    until_true 10 "$subscriber" "grep -q '$1' '$place/heard'" "the subscriber that should hear of $1"
    printf "\nWhat the agent read from 'memorypro events --follow':\n"
    grep -E 'insight|recommendation' "$place/heard"
}

# It follows until it is interrupted: that is how it ends.
stop_subscriber() {
    { kill -TERM "$subscriber" && wait "$subscriber"; } 2>/dev/null || true
    subscriber=''
}

# stop PID: as a service manager does; its exit code.
stop() {
    kill -TERM "$1" 2>/dev/null || true
    wait "$1"
}

clean_up() {
    local status=$? log
    trap - EXIT
    [[ -z $subscriber ]] || stop_subscriber
    [[ -z $daemon ]] || stop "$daemon" || true
    [[ -z $cloud ]] || stop "$cloud" || true
    if ((status != 0)); then
        for log in daemon cloud; do
            [[ ! -s $place/$log.log ]] || { printf '\nThe %s said:\n' $log; tail -n 30 "$place/$log.log"; } >&2
        done
    fi
    [[ -z $place ]] || rm -rf "$place"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
place=$(mktemp -d)
