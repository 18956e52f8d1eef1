/* <copy-text value="48213" data-done="Copied"> wraps a button that puts the value on the clipboard and says so for a moment. */
const SHOWN = 2000;

customElements.define("copy-text", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", () => this.copy());
  }

  async copy() {
    const button = this.querySelector("button");
    await navigator.clipboard.writeText(this.getAttribute("value"));
    if (!this.dataset.done || button.dataset.before) return;
    button.dataset.before = button.textContent;
    button.textContent = this.dataset.done;
    setTimeout(() => {
      button.textContent = button.dataset.before;
      delete button.dataset.before;
    }, SHOWN);
  }
});
