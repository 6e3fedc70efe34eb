#!/bin/sh
# Called by dnsmasq as the real lease callback is: prints the held leases, or leaves one file per event.
if [ "$1" = init ]; then
  cat "$NOVANET_LEASES"
  exit 0
fi
event="$NOVANET_SPOOL/.$$"
echo "$NETWORK_ID $*" > "$event"
mv "$event" "$NOVANET_SPOOL/$(date +%s%N)-$$"
