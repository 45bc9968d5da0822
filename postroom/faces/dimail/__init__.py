"""The HTTP contract of dimail (specs/dimail.md), so that its clients need not know the difference: docs/dimail.md."""
