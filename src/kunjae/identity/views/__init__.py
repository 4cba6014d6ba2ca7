"""Pages of signing in, activating, and one's own account."""
