"""The command line: the same questions, trainings and store as the dashboard, without a browser."""
