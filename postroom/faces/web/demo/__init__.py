"""What only the demo has: a button that puts a domain's DNS right on the fake platform."""
