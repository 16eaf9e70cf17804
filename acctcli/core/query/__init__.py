"""Columns, conditions, sort, groups, fields.

One module for each part.
"""
