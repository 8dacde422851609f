"""Tables with one change each, and what the program says of them.

``python -m tests.fuzzing --help`` measures how often a change of a table changes its inventory
without a word. A change is one function of ``numbers``, ``labels``, ``units``, ``shape`` or
``harmless``; what a single table can show of it is said where the function stands.
"""
