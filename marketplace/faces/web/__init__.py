"""Routes that need no Streamlit: the public site, sign-in, documents, paper, middleware."""
