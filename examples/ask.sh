# Shell functions to try the API with. Source this where `make up` runs:
#   source examples/ask.sh
#   ask '{ viewer { kind scopes } }'
# MYCELIUM_GRAPHQL and MYCELIUM_KEY are taken from the running local stack unless they are set. Needs curl and python3.

_fact() {
    python3 -c 'import json, sys; at = json.load(open(".mycelium/stack.json"))
for step in sys.argv[1:]: at = at[step]
print(at)' "$@"
}
MYCELIUM_GRAPHQL=${MYCELIUM_GRAPHQL:-$(_fact graphql)}
MYCELIUM_KEY=${MYCELIUM_KEY:-$(_fact keys hub)}
export MYCELIUM_GRAPHQL MYCELIUM_KEY

# ask QUERY [CURL'S OPTIONS]: send a GraphQL operation, and print the answer.
ask() {
    local query=$1
    shift
    python3 -c 'import json, sys; print(json.dumps({"query": sys.argv[1]}))' "$query" |
        curl -sS "$MYCELIUM_GRAPHQL" -H "Authorization: Bearer $MYCELIUM_KEY" -H 'Content-Type: application/json' \
            --data-binary @- "$@"
    echo
}

# pick PATH: the value at a path of the JSON that is piped in, such as data.hub.id or data.events.edges.0.node.id
pick() {
    python3 -c 'import json, sys; at = json.load(sys.stdin)
for step in sys.argv[1].split("."): at = at[int(step) if step.isdigit() else step]
print(at)' "$1"
}
