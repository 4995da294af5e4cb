"""From a data set to the arrays that are trained on."""
