"use strict";
// What is typed and not yet on the server: kept in this browser for its writer, given back after a
// closed page, an expired session or a lost line, and forgotten as soon as the server has it.
(() => {
  const MARK = "z-keep:", LIFE = 3 * 24 * 3600 * 1000, page = `${Date.now()}${Math.random()}`;
  const FIELDS = '[class*="st-key-kept_"] :is(textarea,input[type=text]:not([role]),input[type=number])';
  const left = new Set();
  const store = {
    get: k => { try { return JSON.parse(localStorage.getItem(k)); } catch { return null; } },
    put: (k, v) => { try { localStorage.setItem(k, JSON.stringify(v)); } catch { /* full or forbidden */ } },
    drop: k => { try { localStorage.removeItem(k); } catch { /* forbidden */ } },
    keys: () => { try { return Object.keys(localStorage).filter(k => k.startsWith(MARK)); } catch { return []; } },
  };
  const who = () => (document.querySelector('[class*="st-key-signed_"]')?.className.match(/st-key-signed_(\d+)/) || [])[1];
  const app = () => document.querySelector('[data-testid="stApp"]');
  const still = () => app()?.dataset.testScriptState === "notRunning" && app()?.dataset.testConnectionState !== "DISCONNECTED";
  const keyOf = field => {
    const name = (field.closest('[class*="st-key-kept_"]')?.className.match(/st-key-(kept_\S+)/) || [])[1];
    return name && who() ? `${MARK}${who()}:${name}` : null;
  };
  const at = event => event.target instanceof Element && event.target.matches(FIELDS) ? keyOf(event.target) : null;
  document.addEventListener("input", event => {
    const key = at(event);
    if (key) { left.delete(key); store.put(key, {text: event.target.value, at: Date.now(), page}); }
  }, true);
  document.addEventListener("focusout", event => { const key = at(event); if (key && store.get(key)) left.add(key); }, true);
  document.addEventListener("click", event => {
    if (event.target instanceof Element && event.target.closest('a[href^="/auth/logout"]')) store.keys().forEach(store.drop);
  }, true);
  // A run that ended with its reader still signed in has taken what was left before it.
  let running = false;
  const settle = () => {
    const now = app()?.dataset.testScriptState === "running";
    if (running && !now) setTimeout(() => { if (still() && who()) { left.forEach(store.drop); left.clear(); } }, 400);
    running = now;
  };
  // One field at a time: each return makes the page run, the next run brings the next.
  const give = () => {
    if (!still() || !who()) return;
    for (const field of document.querySelectorAll(FIELDS)) {
      const key = keyOf(field), kept = key && store.get(key);
      if (!kept || kept.page === page) continue;
      if (Date.now() - kept.at > LIFE || kept.text === field.value) { store.drop(key); continue; }
      const proto = field.tagName === "TEXTAREA" ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
      field.focus({preventScroll: true});
      Object.getOwnPropertyDescriptor(proto, "value").set.call(field, kept.text);
      field.dispatchEvent(new Event("input", {bubbles: true}));
      field.blur();
      return;
    }
  };
  let timer = 0;
  new MutationObserver(() => { settle(); clearTimeout(timer); timer = setTimeout(give, 500); })
    .observe(document.documentElement, {childList: true, subtree: true, attributes: true, attributeFilter: ["data-test-script-state", "data-test-connection-state"]});
})();
