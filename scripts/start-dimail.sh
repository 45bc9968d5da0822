#!/bin/sh
# In the container of Dockerfile.dimail: there `postroom dimail serve` listens where dimail does.
exec "${POSTROOM:-/opt/postroom/bin/postroom}" dimail serve --address 0.0.0.0 --port "${PORT:-8000}" "$@"
