/* Which key does what? Elements say so themselves: data-key="r", data-key="g m", data-key-label="reply".
 *
 * Pressing the key clicks the element, or puts the cursor into it when one can write there. A key that no element
 * claims goes out as a `hot-key` event on the document for other behaviours. Letters rest while someone types,
 * while a dialog is open, and when data-letters="off", which leaves the palette its keys. `?` shows the sheet: the <dialog> inside; so does a click on
 * [data-opens="keys"]. In it, a switch named letters is remembered here and at `save`; rows with data-with="element"
 * are there only where that element is.
 */
const YEAR = 31536000;
const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true]";
const SEQUENCE_TIME = 1200;

customElements.define("hot-keys", class extends HTMLElement {
  connectedCallback() {
    this.first = "";
    this.listen = (event) => this.pressed(event);
    document.addEventListener("keydown", this.listen);
    document.addEventListener("click", this.opens = (event) => event.target.closest?.("[data-opens=keys]") && this.show());
    this.addEventListener("change", (event) => event.target.name === "letters" && this.switchLetters(event.target.checked ? "on" : "off"));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listen);
    document.removeEventListener("click", this.opens);
  }

  switchLetters(letters) {
    this.dataset.letters = letters;
    document.cookie = `letters=${letters}; path=/; max-age=${YEAR}; samesite=lax`;
    if (this.getAttribute("save")) window.htmx?.ajax("POST", this.getAttribute("save"), { values: { letters }, swap: "none" });
  }

  pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if ((this.dataset.letters === "off" && event.isTrusted) || event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    const key = event.shiftKey && /^[a-z]$/i.test(event.key) ? `shift+${event.key.toLowerCase()}` : event.key;
    if (this.first && this.act(`${this.first} ${key}`)) return this.done(event);
    this.first = "";
    if (key === "?") return this.done(event, this.show());
    if (this.startsSequence(key)) return this.hold(key);
    if (this.act(key)) return this.done(event);
    if (!document.dispatchEvent(new CustomEvent("hot-key", { detail: { key, target: event.target }, cancelable: true }))) this.done(event);
  }

  done(event) {
    event.preventDefault();
    this.first = "";
  }

  hold(key) {
    this.first = key;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.first = ""; }, SEQUENCE_TIME);
  }

  startsSequence(key) {
    return document.querySelector(`[data-key^="${CSS.escape(key)} "]`) !== null;
  }

  act(key) {
    const element = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => one.checkVisibility());
    if (!element || element.disabled) return false;
    if (element.matches(TYPING)) element.focus();
    else element.click();
    return true;
  }

  show() {
    const dialog = this.querySelector("dialog");
    const map = dialog.querySelector(".key-map");
    map.querySelectorAll("[data-found]").forEach((row) => row.remove());
    for (const row of map.querySelectorAll("[data-with]")) row.hidden = !document.querySelector(row.dataset.with);
    const shown = new Set();
    for (const element of document.querySelectorAll("[data-key]")) {
      const label = element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent.trim();
      if (!label || shown.has(element.dataset.key)) continue;
      shown.add(element.dataset.key);
      map.append(this.row(element.dataset.key, label));
    }
    dialog.showModal();
  }

  row(keys, label) {
    const row = document.createElement("span");
    row.dataset.found = "";
    const stack = document.createElement("span");
    stack.className = "keys";
    for (const key of keys.replace("shift+", "⇧ ").split(" ")) {
      const cap = document.createElement("kbd");
      cap.className = "kbd";
      cap.textContent = key;
      stack.append(cap);
    }
    row.append(stack, label);
    return row;
  }
});
