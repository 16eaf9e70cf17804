"""The vocabulary: kinds, records, values, money, dates."""
