"""What pages are kept safe from: a store out of reach, open networks, strangers' messages."""
