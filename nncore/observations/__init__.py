"""What a training brings besides records and scores, where a question asks for it."""
