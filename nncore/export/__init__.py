"""What leaves the lab: CSV and JSON of every record and score, and print-quality figures."""
