"""What commands do to a change."""
