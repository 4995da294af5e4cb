"""What is known of a comparison: plain typed data that figures, analysis and export read."""
