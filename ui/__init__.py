"""Streamlit code that the pages share; besides the pages the only code that imports streamlit."""
