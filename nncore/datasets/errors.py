"""What can be wrong with a data set's file; each message is a sentence for people."""


class DataError(Exception):
    """A data set can't be loaded. Nothing was changed and nothing was deleted."""


class DataMissing(DataError):
    """A file that the user must provide is not there."""


class DataCorrupt(DataError):
    """A file is damaged, or holds other arrays than it should."""
