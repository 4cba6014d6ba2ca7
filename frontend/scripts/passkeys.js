// Asks the browser to make a passkey, or to sign with one, and sends what it answers as an ordinary form.
//
// The button is hidden in the page, for without a script, or in a browser that knows no passkeys, it would do nothing.

const fromBase64 = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const toBase64 = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const withIds = (list) => (list ?? []).map((one) => ({ ...one, id: fromBase64(one.id) }));

/** What the server wrote as text, in the buffers that a browser takes. */
function asked(options) {
  const asked = { ...options, challenge: fromBase64(options.challenge) };
  if (options.user) asked.user = { ...options.user, id: fromBase64(options.user.id) };
  if (options.excludeCredentials) asked.excludeCredentials = withIds(options.excludeCredentials);
  if (options.allowCredentials) asked.allowCredentials = withIds(options.allowCredentials);
  return asked;
}

/** What the browser answers, as text. */
function answered(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = toBase64(credential.response[part]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toBase64(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: {},
  });
}

export class Passkey {
  /**
   * @param {HTMLFormElement} form - with the attributes data-passkey (create or get) and data-options (JSON), a hidden
   *   field `credential`, a hidden button, and elements marked data-without (no passkeys here) and data-failed
   */
  constructor(form) {
    this.form = form;
    this.options = JSON.parse(form.dataset.options).publicKey;
    this.button = form.querySelector("button[data-start]");
  }

  start() {
    if (!window.PublicKeyCredential) return;
    for (const text of this.form.querySelectorAll("[data-without]")) text.hidden = true;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.ask());
  }

  async ask() {
    const failed = this.form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      const publicKey = asked(this.options);
      const credential =
        this.form.dataset.passkey === "create"
          ? await navigator.credentials.create({ publicKey })
          : await navigator.credentials.get({ publicKey });
      this.form.elements.credential.value = answered(credential);
      this.form.submit();
    } catch {
      // Broken off, timed out, or refused by the browser: the person reads it and tries again.
      failed.hidden = false;
    }
  }
}
