/* A word of confirmation that goes by itself; with a form inside it is the way back, for `seconds`.
 * A bar shows the time that is left, `of` so many. Without a way back it waits while someone points at it. In .toast__count
 * the last number is the seconds that are left; data-one is the sentence for one. mod+Z goes the newest way back, of the
 * toasts before those in the page, unless somebody is writing or a text on the page holds words: there it is the browser's
 * own. Two that lead the same way go together.
 */
const STEP = 250;
const LAST_NUMBER = /\d+(?=\D*$)/;
const WORDS = "textarea, input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=hidden])";

const isWritten = (field) => field.matches(WORDS) && field.value;

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.repeat) return;
  if (isWritten(event.target) || [...document.querySelectorAll("textarea")].some((text) => text.value && text.checkVisibility())) return;
  const ways = [...document.querySelectorAll("undo-toast form button")];
  const newest = ways.findLast((way) => way.closest("#toasts")) ?? ways.at(-1);
  if (!newest) return;
  event.preventDefault();
  window.htmx?.process(newest.form); // which it would do a moment later
  newest.click();
});

customElements.define("undo-toast", class extends HTMLElement {
  connectedCallback() {
    const seconds = Number(this.getAttribute("seconds") || 6);
    this.total = Number(this.getAttribute("of") || seconds) * 1000;
    this.until = Date.now() + seconds * 1000;
    this.count = this.querySelector(".toast__count");
    this.sentence = this.count?.textContent;
    this.timer = setInterval(() => this.tick(), STEP);
    this.addEventListener("htmx:afterRequest", (event) => event.detail.successful && this.gone());
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  get way() {
    return this.querySelector("form")?.action;
  }

  gone() {
    for (const toast of document.querySelectorAll("undo-toast")) if (toast.way === this.way) toast.remove();
  }

  get held() {
    return !this.querySelector("form") && this.matches(":hover, :focus-within");
  }

  tick() {
    if (this.held) return void (this.until += STEP);
    const left = this.until - Date.now();
    if (left <= 0) return this.remove();
    this.querySelector(".toast__time rect")?.setAttribute("width", `${(left / this.total) * 100}%`);
    const seconds = Math.ceil(left / 1000);
    if (this.count) this.count.textContent = seconds === 1 ? this.count.dataset.one : this.sentence.replace(LAST_NUMBER, seconds);
  }
});
