"""What an account adds up to."""
