/* Keeps what someone wrote until it is sent: <draft-keeper key="ticket-7"> wraps a form.
 * Text fields are kept in this browser a moment after the last key, and come back when they are empty on the page.
 * One with data-draft-joins, which the server may fill, gets the words of the draft below its own where they are others.
 * Sending clears them, once the server said yes. [data-draft-state] shows data-saved with {time}, as of data-zone, while a draft is kept.
 * Fields with data-no-draft and passwords are left alone. Of files only the names are kept: a page that comes back without
 * them says so in [data-draft-lost], whose value is the sentence with {names}, until they are chosen again. A form with data-forgets, which signs somebody out,
 * takes all that this browser kept with it: the next person at the computer finds nothing.
 */
const PAUSE = 400;
const DAYS_KEPT = 14;
const FIELDS = "textarea[name]:not([data-no-draft]), input[type=text][name]:not([data-no-draft])";

// A form sent the plain way is forgotten on the page that the server redirects to; an answer without redirect means "not yet".
const sent = sessionStorage.getItem("draft-sent");
sessionStorage.removeItem("draft-sent");
if (sent && performance.getEntriesByType("navigation")[0]?.redirectCount > 0) localStorage.removeItem(sent);

let forgotten = false;
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-forgets]")) return;
  forgotten = true;
  localStorage.clear();
  sessionStorage.clear();
});

// As the server writes times: 24 hours, in the reader's own zone. Not every browser knows every zone.
function clock(zone) {
  const written = (timeZone) => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });
  try { return written(zone); } catch { return written(); }
}

customElements.define("draft-keeper", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.place = `draft:${this.getAttribute("key")}`;
    this.lost = [];
    this.restore();
    this.addEventListener("input", () => this.later());
    this.addEventListener("submit", (event) => this.sent(event));
    document.addEventListener("htmx:beforeOnLoad", this.answered = (event) => this.heard(event.detail));
    addEventListener("pagehide", this.leave = () => this.save());
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:beforeOnLoad", this.answered);
    removeEventListener("pagehide", this.leave);
    clearTimeout(this.timer);
    this.save();
  }

  // Before the answer is put into the page: a fresh form in it must find nothing to restore.
  heard({ elt, xhr }) {
    if (elt === this.form && xhr.status < 400) this.forget();
  }

  restore() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(this.place)); } catch { return; }
    if (!kept || Date.now() - kept.at > DAYS_KEPT * 86400000) return;
    for (const field of this.querySelectorAll(FIELDS)) {
      const words = kept.fields[field.name];
      if (!words || field.value.includes(words) || (field.value && !field.matches("[data-draft-joins]"))) continue;
      field.value = words.includes(field.value) ? words : `${field.value}\n\n${words}`;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.miss(kept.files ?? []);
  }

  get files() {
    return [...this.querySelectorAll("input[type=file]")].flatMap((field) => [...field.files].map((file) => file.name));
  }

  miss(names) {
    this.lost = names;
    const place = this.querySelector("[data-draft-lost]");
    if (!place) return;
    place.hidden = !names.length;
    place.textContent = names.length ? place.dataset.draftLost.replace("{names}", names.join(", ")) : "";
  }

  later() {
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  save() {
    if (!this.dirty || forgotten) return;
    this.dirty = false;
    const fields = Object.fromEntries([...this.querySelectorAll(FIELDS)].filter((field) => field.value).map((field) => [field.name, field.value]));
    const chosen = this.files;
    if (this.lost.some((name) => chosen.includes(name))) this.miss(this.lost.filter((name) => !chosen.includes(name)));
    const files = [...chosen, ...this.lost];
    const holds = Object.keys(fields).length || files.length;
    try {
      if (holds) localStorage.setItem(this.place, JSON.stringify({ at: Date.now(), fields, files }));
      else localStorage.removeItem(this.place);
    } catch { return; }
    this.report(holds);
  }

  report(holds) {
    const place = this.querySelector("[data-draft-state]");
    if (place) place.textContent = holds ? place.dataset.saved.replace("{time}", clock(place.dataset.zone)) : "";
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
