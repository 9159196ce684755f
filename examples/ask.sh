# Shell functions for trying the API. Source this file in the folder where `make up` runs:
#   source examples/ask.sh
#   ask '{ viewer { kind scopes } }'
# MYCELIUM_GRAPHQL (address) and MYCELIUM_KEY (API key) are used if they are set. Otherwise each call reads both from the
# running local stack. Needs curl and python3.

# fact PATH...: a value of .mycelium/stack.json, the facts about the running local stack. Example: fact keys hub
fact() {
    python3 -c 'import json, sys
try:
    at = json.load(open(".mycelium/stack.json"))
    for step in sys.argv[1:]: at = at[step]
except (OSError, ValueError, KeyError):
    sys.exit("No Mycelium runs here: start it with `make up`, or set MYCELIUM_GRAPHQL and MYCELIUM_KEY.")
print(at)' "$@"
}

# ask QUERY [CURL'S OPTIONS]: send a GraphQL operation, and print the answer.
ask() {
    local query=$1 url key
    shift
    url=${MYCELIUM_GRAPHQL:-$(fact graphql)} && [ -n "$url" ] || return 1
    key=${MYCELIUM_KEY:-$(fact keys hub)} && [ -n "$key" ] || return 1
    python3 -c 'import json, sys; print(json.dumps({"query": sys.argv[1]}))' "$query" |
        curl -sS "$url" -H "Authorization: Bearer $key" -H 'Content-Type: application/json' --data-binary @- "$@" || return 1
    echo
}

# free_port: print a port on this machine on which nothing listens.
free_port() {
    python3 -c 'import socket
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    print(probe.getsockname()[1])'
}

# pick PATH: print the value at this path of the JSON on standard input. Example: pick data.events.edges.0.node.id
pick() {
    python3 -c 'import json, sys
try:
    text = sys.stdin.read()
    at = json.loads(text)
    for step in sys.argv[1].split("."): at = at[int(step) if step.isdigit() else step]
except (ValueError, LookupError, TypeError):
    sys.exit(f"There is no {sys.argv[1]} in: {text.strip()}" if text.strip() else "Nothing was answered.")
print(at)' "$1"
}
