// Warns before the server ends an idle session, and leaves the page once it has ended.
//
// The server decides: it counts the seconds since the last request. This only keeps the same count, so that nobody
// loses a half-filled form unawares and no page stays readable on a shared machine after its session is over.

const MINUTE = 60_000;
const CHECK_EVERY = 1_000;
const WARN_BEFORE = 2 * MINUTE;

export class IdleWarning {
  /**
   * @param {HTMLElement} region - a polite live region holding a template of the warning, with the attributes
   *   data-idle-seconds, data-stay-url, data-sign-in-url and data-stayed (the sentence said after staying)
   */
  constructor(region) {
    this.region = region;
    this.warning = region.querySelector("template");
    this.idleFor = Number(region.dataset.idleSeconds) * 1_000;
    this.warnBefore = Math.min(WARN_BEFORE, this.idleFor / 2);
    // Several tabs share one session: what one of them asks of the server keeps the others alive too.
    this.tabs = "BroadcastChannel" in window ? new BroadcastChannel("kunjae-session") : null;
  }

  start() {
    this.markActive();
    if (this.tabs) this.tabs.onmessage = () => this.restart();
    document.body.addEventListener("htmx:afterRequest", () => this.markActive());
    document.addEventListener("visibilitychange", () => this.check());
    window.addEventListener("pageshow", () => this.check());
    window.setInterval(() => this.check(), CHECK_EVERY);
  }

  /** The server has just been asked something. */
  markActive() {
    this.restart();
    this.tabs?.postMessage("active");
  }

  restart() {
    // The clock on the wall, not a timer: a laptop that slept must notice.
    this.endsAt = Date.now() + this.idleFor;
    this.hide();
  }

  check() {
    const left = this.endsAt - Date.now();
    if (left <= 0) this.leave();
    else if (left <= this.warnBefore) this.show();
  }

  show() {
    if (this.shown) return;
    this.shown = this.warning.content.firstElementChild.cloneNode(true);
    this.shown.querySelector("button").addEventListener("click", () => this.stay());
    this.region.append(this.shown);
  }

  hide() {
    this.shown?.remove();
    this.shown = null;
  }

  async stay() {
    try {
      const answer = await fetch(this.region.dataset.stayUrl, { cache: "no-store", redirect: "manual" });
      if (!answer.ok) return this.leave();
    } catch {
      // The network is away: the session may still live, so the warning stays and the button can be tried again.
      return;
    }
    const hadFocus = this.shown?.contains(document.activeElement);
    this.markActive();
    this.say(this.region.dataset.stayed);
    if (hadFocus) document.querySelector("main")?.focus();
  }

  say(sentence) {
    const spoken = document.createElement("p");
    spoken.className = "out";
    spoken.textContent = sentence;
    this.region.append(spoken);
    window.setTimeout(() => spoken.remove(), 5_000);
  }

  leave() {
    window.location.assign(this.region.dataset.signInUrl);
  }
}
