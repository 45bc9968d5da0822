"use strict";
// What makes pages quicker to use. Every page works without.

const words = document.body.dataset;

function toast(text, kind) {
  const line = document.createElement("p");
  line.className = `toast ${kind}`;
  line.textContent = text;
  document.getElementById("toasts").append(line);
  closable(line);
}

function closable(line) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = "×";
  button.setAttribute("aria-label", words.close);
  button.addEventListener("click", () => line.remove());
  line.append(button);
  if (line.classList.contains("good")) setTimeout(() => line.remove(), 8000);
}

function within(root, selector) {
  return [...(root.matches && root.matches(selector) ? [root] : []), ...root.querySelectorAll(selector)];
}

function brighten(root) {
  if (navigator.clipboard) for (const button of within(root, "[data-copy]")) button.hidden = false;
  for (const box of within(root, "[data-all]")) box.hidden = false;
  for (const field of within(root, "[data-now]")) field.hidden = false;
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(words.copied, "good");
  } catch {
    toast(words.failed, "bad");
  }
}

// data-all="name": ticks or clears every box of that name in the same form.
function tickAll(box) {
  const boxes = [...box.form.elements].filter((one) => one.type === "checkbox" && one.name === box.dataset.all);
  for (const one of boxes) {
    if (one.checked !== box.checked) one.click();
  }
}

// A form that was sent is not sent again by a second click; whoever comes back to the page finds it ready.
function busy(form, is) {
  form.toggleAttribute("aria-busy", is);
  for (const button of form.querySelectorAll("button:not([type=button])")) button.classList.toggle("busy", is);
  form.dataset.sent = is ? "yes" : "";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("change", (event) => {
  if (event.target.dataset.all) tickAll(event.target);
  if (event.target.dataset.now !== undefined) event.target.form.requestSubmit();
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-busy]")) return;
  if (form.dataset.sent) event.preventDefault();
  else busy(form, true);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-busy]")) busy(form, false);
});
document.addEventListener("htmx:afterSwap", (event) => brighten(event.target));
document.addEventListener("htmx:responseError", () => toast(words.failed, "bad"));
document.addEventListener("htmx:sendError", () => toast(words.failed, "bad"));

brighten(document.body);
document.querySelectorAll(".toast").forEach(closable);
for (const tab of document.querySelectorAll(".tabs [aria-current], .ways [aria-current]")) {
  tab.scrollIntoView({ block: "nearest", inline: "center" });
}
document.querySelector("[data-focus]")?.focus();
