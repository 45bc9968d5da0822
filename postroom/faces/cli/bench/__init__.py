"""`postroom bench`: how fast Postroom answers, beside a handler without any of its checks (docs/bench.md)."""
