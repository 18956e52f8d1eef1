/* A form that sends itself when something in it changes. Its button remains for those without script. */
customElements.define("auto-submit", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.querySelector("form").requestSubmit());
  }
});
