"""Pure functions over plain records: no input, no output, no clock, no state.

Nothing in here may import from the other folders of the house.
"""
