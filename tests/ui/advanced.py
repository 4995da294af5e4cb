"""The fold of the sidebar, opened as a click would."""

from streamlit.testing.v1 import AppTest


def is_open(app: AppTest) -> bool:
    (fold,) = [e for e in app.expander if e.label == "Advanced"]
    return bool(fold.proto.expanded)


def opened(app: AppTest) -> AppTest:
    """The page with all that isn't in sight drawn."""
    (fold,) = [e for e in app.expander if e.label == "Advanced"]
    app.session_state[fold.proto.id.rsplit("-", 1)[-1]] = True
    app.run()
    assert not app.exception
    assert is_open(app)
    return app
