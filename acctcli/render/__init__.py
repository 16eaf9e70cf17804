"""Core results as text: tables, the board, the page, json and csv. It computes nothing."""
