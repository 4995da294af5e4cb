"""The machine and the words everything else stands on: files, processes, errors, plain English."""
