"""What commands change, and what follows from it."""
