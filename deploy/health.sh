#!/bin/bash
# health.sh PORT: exits with 0 when the application on that port is ready. Cheaper than starting Python.
set -eu
exec 3<>"/dev/tcp/127.0.0.1/$1"
printf 'GET /readyz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
read -r _ status _ <&3
cat <&3 >/dev/null
[[ $status == 200 ]]
