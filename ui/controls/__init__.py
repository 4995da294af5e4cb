"""Controls, the link that says the same, and words for both."""
