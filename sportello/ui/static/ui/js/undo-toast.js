/* A word of confirmation that goes by itself; with a form inside it is the way back, for `seconds`.
 * A bar shows the time that is left. Without a way back it waits while someone points at it. In .toast__count the last
 * number is the seconds that are left; data-one is the sentence for one.
 */
const STEP = 250;
const LAST_NUMBER = /\d+(?=\D*$)/;

customElements.define("undo-toast", class extends HTMLElement {
  connectedCallback() {
    this.total = Number(this.getAttribute("seconds") || 6) * 1000;
    this.left = this.total;
    this.count = this.querySelector(".toast__count");
    this.sentence = this.count?.textContent;
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
    const seconds = Math.ceil(this.left / 1000);
    if (this.count) this.count.textContent = seconds === 1 ? this.count.dataset.one : this.sentence.replace(LAST_NUMBER, seconds);
  }
});
