/* Reply or note? <say-composer data-typing="/…"> inside a form colours it by what is chosen, sends with mod+Enter
 * (mod+shift+Enter: and solve), and tells colleagues, at most every five seconds, that somebody is typing.
 */
const EVERY = 5000;

customElements.define("say-composer", class extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.told = 0;
    this.addEventListener("change", () => this.show());
    this.addEventListener("input", (event) => event.target.name === "text" && this.tell());
    this.addEventListener("keydown", (event) => this.key(event));
    this.show();
  }

  get kind() {
    return this.form.elements.kind?.value || "reply";
  }

  show() {
    this.form.dataset.kind = this.kind;
    this.form.dataset.then = this.kind === "reply" ? this.form.elements.then?.value ?? "" : "";
    if (document.activeElement?.name === "kind") this.form.elements.text.focus();
  }

  key(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (event.shiftKey && this.form.elements.then) this.form.elements.then.value = "solved";
    this.form.requestSubmit();
  }

  tell() {
    if (Date.now() - this.told < EVERY) return;
    this.told = Date.now();
    window.htmx?.ajax("POST", this.dataset.typing, { values: { kind: this.kind }, swap: "none" });
  }
});
