#!/bin/sh
# Keeps PostgreSQL's password file fresh: an IAM token of RDS opens a session within 15 minutes of its making, no later.
# The AWS CLI signs it from the pod's own identity and calls nobody.
set -eu
umask 077
trap 'exit 0' TERM
while true; do
  token=$(aws rds generate-db-auth-token --hostname "$PGHOST" --port "$PGPORT" --username "$PGUSER")
  escaped=$(printf '%s' "$token" | sed 's/[:\\]/\\&/g')
  printf '*:*:*:*:%s\n' "$escaped" > "$PGPASSFILE.new"
  mv "$PGPASSFILE.new" "$PGPASSFILE"
  sleep 600 &
  wait $!
done
