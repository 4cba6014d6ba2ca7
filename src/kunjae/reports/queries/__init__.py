"""Reads behind the reports: each list is paged in the database, whatever its length."""
