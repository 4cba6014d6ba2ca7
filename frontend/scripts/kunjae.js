// Behaviour that only makes pages easier; every page works without it.
import {
  Button,
  Checkboxes,
  createAll,
  ErrorSummary,
  PasswordInput,
  Radios,
  SkipLink,
} from "govuk-frontend";

import { IdleWarning } from "./idle_warning.js";
import { Passkey } from "./passkeys.js";

// govuk-frontend starts nothing until it sees this class; the page cannot set it itself without an inline script.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const component of [Button, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink]) {
  createAll(component);
}

const idle = document.querySelector("[data-idle-seconds]");
if (idle) new IdleWarning(idle).start();

for (const form of document.querySelectorAll("form[data-passkey]")) new Passkey(form).start();

// A page that answered a form (it was refused) is asked for anew when one comes back to it, not sent again: the
// browser would show a page of its own instead (ERR_CACHE_MISS). What was accepted meanwhile the server has kept.
document.addEventListener("submit", ({ target }) => {
  if (target.method === "post") window.history.replaceState(window.history.state, "", window.location.href);
});
