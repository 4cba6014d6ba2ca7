"""Pages that look over several floors: home, my account, manuals."""
