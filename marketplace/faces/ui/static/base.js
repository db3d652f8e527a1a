// Streamlit looks for its server below the page's own address first; it is always at the root.
window.__streamlit = { BACKEND_BASE_URL: location.origin + "/" };
