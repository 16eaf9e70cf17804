"""Lists: columns, queries, groups and fields."""
