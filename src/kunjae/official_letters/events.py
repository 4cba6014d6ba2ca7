"""What the record can say about this floor."""
