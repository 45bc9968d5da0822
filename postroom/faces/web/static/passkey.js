"use strict";
// Passkeys: the browser's own dialogue, and its answer as JSON in the form's hidden field.
// <form data-passkey="get|create" data-options="…">, a button [data-passkey-button], a line [data-passkey-problem].

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function decoded(options) {
  const known = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));
  const plain = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) plain.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.allowCredentials) plain.allowCredentials = known(options.allowCredentials);
  if (options.excludeCredentials) plain.excludeCredentials = known(options.excludeCredentials);
  return plain;
}

function encoded(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("[data-passkey-button]");
  const problem = form.querySelector("[data-passkey-problem]");

  const tell = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
  };

  const ask = async () => {
    tell("");
    if (!form.reportValidity()) return;
    try {
      const publicKey = decoded(JSON.parse(form.dataset.options));
      const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
      form.elements.credential.value = encoded(credential);
      form.submit();
    } catch {
      tell(problem.dataset.refused);
    }
  };

  if (!window.PublicKeyCredential) {
    tell(problem.dataset.none);
    continue;
  }
  button.hidden = false;
  button.addEventListener("click", ask);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  if ("passkeyNow" in form.dataset) ask();
}
