"""Charts and tables: pure functions of a Snapshot or of definitions. They never train.

A chart is made in three steps: `_read…` gathers what is shown in a plain value, `_draw…` makes the
figure of it, `_tell…` adds the words and the table. What takes a few lines has no name of its own.
"""
