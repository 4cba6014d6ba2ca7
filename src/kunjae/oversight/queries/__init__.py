"""Reads across authorities."""
