/* <fading-note seconds="8"> goes by itself: what it says was true for a moment, and nobody will tell when it ends. */
customElements.define("fading-note", class extends HTMLElement {
  connectedCallback() {
    this.timer = setTimeout(() => this.remove(), Number(this.getAttribute("seconds")) * 1000);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }
});
