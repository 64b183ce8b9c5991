"""The practice village: an invented village on a real code, the same for the same seed, for learning and for tests.

Nobody in it exists: ID numbers end in sequence 000, phone numbers and accounts cannot be dialled or paid into.
"""
