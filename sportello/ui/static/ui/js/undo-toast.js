/* A word of confirmation that goes by itself; with a form inside it is the way back, for `seconds`.
 * A bar shows the time that is left. Without a way back it waits while someone points at it.
 */
const STEP = 250;

customElements.define("undo-toast", class extends HTMLElement {
  connectedCallback() {
    this.total = Number(this.getAttribute("seconds") || 6) * 1000;
    this.left = this.total;
    this.timer = setInterval(() => this.tick(), STEP);
    this.addEventListener("htmx:afterRequest", (event) => event.detail.successful && this.remove());
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  get held() {
    return !this.querySelector("form") && this.matches(":hover, :focus-within");
  }

  tick() {
    if (this.held) return;
    this.left -= STEP;
    if (this.left <= 0) return this.remove();
    this.querySelector(".toast__time rect")?.setAttribute("width", `${(this.left / this.total) * 100}%`);
  }
});
