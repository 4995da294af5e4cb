"""Stored results in lists: the recent ones at home, and the page on which all can be found."""
