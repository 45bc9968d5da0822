"""REST under /api/v1.0/: People's paths, shapes and messages (people.md sections 1 to 3), and what People lacks."""
