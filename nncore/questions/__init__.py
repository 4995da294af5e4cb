"""The questions people ask, their arms, and the comparisons that answer them."""
