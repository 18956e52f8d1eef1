/* Keeps what someone wrote until it is sent: <draft-keeper key="ticket-7"> wraps a form.
 * Text fields are kept in this browser a moment after the last key, and come back when they are empty on the page.
 * Sending clears them, once the server said yes. [data-draft-state] shows data-saved with {time}. Fields with
 * data-no-draft, passwords and files are left alone.
 */
const PAUSE = 400;
const DAYS_KEPT = 14;
const FIELDS = "textarea[name]:not([data-no-draft]), input[type=text][name]:not([data-no-draft])";

customElements.define("draft-keeper", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.place = `draft:${this.getAttribute("key")}`;
    this.restore();
    this.addEventListener("input", () => this.later());
    this.addEventListener("submit", (event) => this.sent(event));
    this.addEventListener("htmx:afterRequest", (event) => event.target === this.form && event.detail.successful && this.forget());
    addEventListener("pagehide", this.leave = () => this.save());
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    removeEventListener("pagehide", this.leave);
  }

  restore() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(this.place)); } catch { return; }
    if (!kept || Date.now() - kept.at > DAYS_KEPT * 86400000) return;
    for (const field of this.querySelectorAll(FIELDS)) {
      if (!field.value && kept.fields[field.name]) {
        field.value = kept.fields[field.name];
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
  }

  later() {
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  save() {
    if (!this.dirty) return;
    this.dirty = false;
    const fields = Object.fromEntries([...this.querySelectorAll(FIELDS)].filter((field) => field.value).map((field) => [field.name, field.value]));
    try {
      if (Object.keys(fields).length) localStorage.setItem(this.place, JSON.stringify({ at: Date.now(), fields }));
      else localStorage.removeItem(this.place);
    } catch { return; }
    this.report();
  }

  report() {
    const place = this.querySelector("[data-draft-state]");
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    if (place) place.textContent = place.dataset.saved.replace("{time}", time);
  }

  sent(event) {
    if (event.defaultPrevented || this.form.hasAttribute("hx-post")) return;
    this.save();
    sessionStorage.setItem("draft-sent", this.place);
  }

  forget() {
    this.dirty = false;
    clearTimeout(this.timer);
    localStorage.removeItem(this.place);
  }
});
