"""Refusals of this floor."""
