/* A textarea as tall as its text, for browsers that do not do so by themselves (field-sizing). */
customElements.define("auto-grow", class extends HTMLElement {
  connectedCallback() {
    if (CSS.supports("field-sizing", "content")) return;
    this.addEventListener("input", () => this.fit());
    this.fit();
  }

  fit() {
    const area = this.querySelector("textarea");
    area.style.blockSize = "auto";
    area.style.blockSize = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
  }
});
