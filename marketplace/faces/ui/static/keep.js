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
  // Each form tells in the page what the server holds of it: only that proves that it has arrived.
  // That a run ended proves nothing: a slow line may bring the words after it, and a busy phone
  // draws a short run's beginning and end as one.
  const formOf = name => [...document.querySelectorAll(".z-held")].filter(form => name.startsWith(form.dataset.form))
    .sort((a, b) => b.dataset.form.length - a.dataset.form.length)[0]?.dataset;
  const nameOf = key => key.slice(key.indexOf(":", MARK.length) + 1);
  const sum = text => {  // CRC-32, as the server counts it
    let crc = -1;
    for (const byte of new TextEncoder().encode(text)) { crc ^= byte; for (let n = 8; n; n--) crc = (crc >>> 1) ^ (0xEDB88320 & -(crc & 1)); }
    return (crc ^ -1) >>> 0;
  };
  const holds = (form, key, text) => {
    const held = JSON.parse(form.held)[nameOf(key).slice(form.form.length)];
    return held === sum(text) || (text.trim() !== "" && held === sum(String(Number(text))));
  };
  // After the field's own listener: what a field refuses, as too long, is not kept either.
  document.addEventListener("input", event => {
    const key = at(event);
    if (key) { left.delete(key); store.put(key, {text: event.target.value, at: Date.now(), page, token: formOf(nameOf(key))?.token}); }
  });
  document.addEventListener("focusout", event => { const key = at(event); if (key && store.get(key)) left.add(key); soon(); }, true);
  document.addEventListener("click", event => {
    if (event.target instanceof Element && event.target.closest('a[href^="/auth/logout"]')) store.keys().forEach(store.drop);
  }, true);
  // What was left is forgotten once the server has it: kept, sent or given up with its form, or
  // taken along from a page that is no longer shown.
  const settle = () => {
    if (!still() || !who()) return;
    for (const key of left) {
      const kept = store.get(key), form = formOf(nameOf(key));
      if (!kept || !form || form.spent === kept.token || holds(form, key, kept.text)) { store.drop(key); left.delete(key); }
    }
  };
  // One field at a time: each return makes the page run, the next run brings the next.
  const give = () => {
    if (!still() || !who() || document.activeElement?.matches("input,textarea")) return;  // never from under the fingers
    for (const field of document.querySelectorAll(FIELDS)) {
      const key = keyOf(field), kept = key && store.get(key);
      if (!kept || kept.page === page) continue;
      if (Date.now() - kept.at > LIFE || kept.text === field.value) { store.drop(key); continue; }
      const proto = field.tagName === "TEXTAREA" ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
      field.focus({preventScroll: true});
      Object.getOwnPropertyDescriptor(proto, "value").set.call(field, kept.text);
      field.dispatchEvent(new Event("input", {bubbles: true}));
      field.blur();
      // A page that lies behind another has no focus to lose: the field would never send its words.
      if (!left.has(key)) field.dispatchEvent(new FocusEvent("focusout", {bubbles: true}));
      return;
    }
  };
  let timer = 0, due = 0;
  const soon = () => {
    due ||= setTimeout(() => { due = 0; settle(); }, 400);
    clearTimeout(timer);
    timer = setTimeout(give, 500);
  };
  new MutationObserver(soon)
    .observe(document.documentElement, {childList: true, subtree: true, attributes: true, attributeFilter: ["data-test-script-state", "data-test-connection-state"]});
})();
