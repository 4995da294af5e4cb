"""What pages are kept safe from: an open network, crafted messages, strangers' text."""
