"""Entry point: `streamlit run dashboard.py`."""

from ui.shell import shell

shell().run()
