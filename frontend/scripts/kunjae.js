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

// govuk-frontend starts nothing until it sees this class; the page cannot set it itself without an inline script.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const component of [Button, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink]) {
  createAll(component);
}

const idle = document.querySelector("[data-idle-seconds]");
if (idle) new IdleWarning(idle).start();
