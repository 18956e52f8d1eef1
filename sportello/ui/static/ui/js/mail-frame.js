/* A mail's own HTML in a frame as tall as the mail. The frame runs no script; it is sandboxed as
 * sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox", and only its height is read. It is set as an attribute: the policy refuses styles that a swap carries over.
 */
const TALLEST = 20000;

customElements.define("mail-frame", class extends HTMLElement {
  connectedCallback() {
    this.frame = this.querySelector("iframe");
    this.frame.addEventListener("load", () => this.watch());
    if (this.frame.contentDocument?.readyState === "complete") this.watch();
  }

  disconnectedCallback() {
    this.observer?.disconnect();
  }

  watch() {
    const page = this.frame.contentDocument?.documentElement;
    if (!page || this.frame.contentDocument.URL === "about:blank") return;
    const bar = this.querySelector(".mail-frame__bar"); // says what was held back, until it was asked for
    if (bar) bar.hidden = new URL(this.frame.contentDocument.URL).searchParams.has("images");
    this.observer?.disconnect();
    this.observer = new ResizeObserver(() => this.fit(page));
    this.observer.observe(page);
    if (page.ownerDocument.body) this.observer.observe(page.ownerDocument.body);
  }

  fit(page) {
    const height = Math.min(Math.ceil(page.getBoundingClientRect().height), TALLEST);
    if (height !== this.height) this.frame.height = height;
    this.height = height;
  }
});
