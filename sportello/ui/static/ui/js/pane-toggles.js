/* Which sides of the panes are hidden? `[` hides the first, `]` the last, `\` both; this browser remembers.
 *
 * <pane-toggles> wraps `.panes`; a button with data-hides="start", "end" or "start end" does the same. The page comes
 * with data-hide="{{ look.hidden_sides }}" on `.panes`, so nothing jumps.
 */
const KEYS = { "[": "start", "]": "end", "\\": "start end" };
const YEAR = 31536000;

customElements.define("pane-toggles", class extends HTMLElement {
  connectedCallback() {
    this.listen = (event) => this.heard(event);
    document.addEventListener("hot-key", this.listen);
    document.addEventListener("click", this.listen);
    this.show();
  }

  disconnectedCallback() {
    document.removeEventListener("hot-key", this.listen);
    document.removeEventListener("click", this.listen);
  }

  get panes() {
    return this.querySelector(".panes");
  }

  heard(event) {
    const sides = event.type === "hot-key" ? KEYS[event.detail.key] : event.target.closest?.("[data-hides]")?.dataset.hides;
    if (!sides) return;
    event.preventDefault();
    this.toggle(sides.split(" "));
  }

  toggle(sides) {
    const hidden = new Set((this.panes.dataset.hide ?? "").split(" ").filter(Boolean));
    const hide = sides.some((side) => !hidden.has(side));
    for (const side of sides) hidden[hide ? "add" : "delete"](side);
    const kept = ["start", "end"].filter((side) => hidden.has(side));
    this.panes.dataset.hide = kept.join(" ");
    document.cookie = `panes=${kept.join("+")}; path=/; max-age=${YEAR}; samesite=lax`;
    this.show();
  }

  show() {
    const hidden = (this.panes.dataset.hide ?? "").split(" ");
    for (const button of document.querySelectorAll("[data-hides]")) {
      button.setAttribute("aria-pressed", String(button.dataset.hides.split(" ").every((side) => hidden.includes(side))));
    }
  }
});
