"use strict";
/* Small comforts only: every page works without this file. */
for (const choice of document.querySelectorAll("select[data-submit]")) {
  choice.addEventListener("change", () => choice.form.requestSubmit());
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
/* The bar at the thumb waits until the form it stands for has left the screen. */
for (const bar of document.querySelectorAll("[data-after]")) {
  const form = document.getElementById(bar.dataset.after);
  new IntersectionObserver(([seen]) => {
    bar.hidden = seen.isIntersecting || seen.boundingClientRect.top > 0;
  }).observe(form);
}
/* A second press would be harmless, the server knows the form; this only says that it is on its way. */
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit]");
    setTimeout(() => { button.disabled = true; });
  });
  addEventListener("pageshow", () => { form.querySelector("button[type=submit]").disabled = false; });
}
