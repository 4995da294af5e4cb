"""From typed raw columns to the numbers that a network sees: declared, fitted, applied."""
