"""The app's pages for people who are signed in; the only part that knows Streamlit."""
