"""What lists are asked for: terms that must hold, the order, and groups with their sums.

One module for each part. They know columns by their paths and types, and no list.
"""
