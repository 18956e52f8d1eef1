/* A <details> that behaves as a menu: <menu-button><details><summary>…</summary><div class="menu">…</div></details></menu-button>
 * The <details> hears `menu-opens` each time. One inside a form closes and forgets what was typed in it once that was sent.
 * Escape and a click elsewhere close it, arrows walk through its entries and the texts to fill in, picking one closes it. From a text mod+Enter sends its form,
 * and the arrows lead on while it is empty. The focus goes back to the summary when it closes, and stays there when the page around it is swapped and the
 * summary has an id. Without script it still opens.
 */
const ENTRIES = ".menu__item:not([disabled])";
const STOPS = `${ENTRIES}, textarea`;

customElements.define("menu-button", class extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector("details");
    this.summary = this.querySelector("summary");
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("click", (event) => event.target.closest(ENTRIES) && this.picked());
    this.details.addEventListener("toggle", () => this.details.open && this.opened());
    const form = this.closest("form");
    form?.addEventListener("htmx:afterRequest", (event) => event.target === form && event.detail.successful && this.sent());
    this.listen = (event) => this.contains(event.target) || this.close();
    document.addEventListener("pointerdown", this.listen);
    document.addEventListener("focusin", this.listen);
    document.addEventListener("htmx:beforeSwap", this.goes = ({ detail }) => detail.shouldSwap && detail.target.contains(this) && this.giveBack());
  }

  disconnectedCallback() {
    document.removeEventListener("pointerdown", this.listen);
    document.removeEventListener("focusin", this.listen);
    document.removeEventListener("htmx:beforeSwap", this.goes);
  }

  opened() {
    if (!this.contains(document.activeElement)) this.summary.focus();
    this.details.dispatchEvent(new CustomEvent("menu-opens"));
  }

  sent() {
    for (const field of this.querySelectorAll("input:not([type=hidden])")) field.value = "";
    this.close();
  }

  close() {
    this.details.open = false;
  }

  // Afterwards: htmx forgets which button was pressed when that loses the focus
  picked() {
    const held = document.activeElement;
    const heldHere = this.contains(held);
    setTimeout(() => heldHere && [held, document.body].includes(document.activeElement) && this.shown().focus());
    this.close();
  }

  // The page around it may have been swapped meanwhile
  shown() {
    return this.isConnected ? this.summary : document.getElementById(this.summary.id) ?? this.summary;
  }

  giveBack() {
    if (this.contains(document.activeElement)) this.summary.focus();
  }

  key(event) {
    if (event.key === "Escape" && this.details.open) {
      event.stopPropagation();
      this.close();
      this.summary.focus();
    }
    const mod = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && mod && event.target.matches("textarea")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || mod || event.target.matches("input, select") || (event.target.matches("textarea") && event.target.value)) return;
    event.preventDefault();
    this.details.open = true;
    const entries = [...this.querySelectorAll(STOPS)];
    const here = entries.indexOf(document.activeElement);
    entries[here < 0 ? (step > 0 ? 0 : entries.length - 1) : (here + step + entries.length) % entries.length]?.focus();
  }
});
