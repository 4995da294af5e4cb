"""What pages are kept safe from: a store out of reach, an open network, strangers' messages and text."""
