"""What trainings are worth: cost before they run, scores and statistics after."""
