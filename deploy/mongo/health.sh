#!/bin/bash
# Exits with 0 when this MongoDB accepts writes. The first time, it creates the replica set of one node.
# It uses MongoDB's wire protocol, because it runs every few seconds and mongosh takes a second of a core.
set -eu
exec 3<>/dev/tcp/127.0.0.1/27017

# OP_MSG with {hello: 1, $db: "admin"}: header (length, request, in reply to, code 2013), flags, kind, then BSON.
printf '\x34\0\0\0\x01\0\0\0\0\0\0\0\xdd\x07\0\0\0\0\0\0\0' >&3
printf '\x1f\0\0\0\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0' >&3
length=$(head -c 4 <&3 | od -An -tu4)
reply=$(head -c $((length - 4)) <&3 | tr '\0' ' ')

if [[ $reply == *$'isWritablePrimary \x01'* ]]; then
    exit 0
fi
if [[ $reply == *isreplicaset* ]]; then # it has no configuration yet
    mongosh --quiet --eval 'rs.initiate({ _id: "rs0", members: [{ _id: 0, host: "mongo:27017" }] })'
fi
exit 1
