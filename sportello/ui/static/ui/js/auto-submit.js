/* A choice that is sent as it changes, by its button, which remains for those without script. The form may be elsewhere
 * (form="…" on both). */
customElements.define("auto-submit", class extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    this.addEventListener("change", () => button.form.requestSubmit(button));
  }
});
