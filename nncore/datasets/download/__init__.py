"""Full sets fetched on request, checked, and turned into our layout."""
