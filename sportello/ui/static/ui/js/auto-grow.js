/* A textarea as tall as its text, for browsers that do not do so by themselves (field-sizing). It counts rows, since the
 * policy refuses styles that a swap carries over.
 */
const MOST_ROWS = 40;

customElements.define("auto-grow", class extends HTMLElement {
  connectedCallback() {
    if (CSS.supports("field-sizing", "content")) return;
    this.area = this.querySelector("textarea");
    this.fewest = this.area.rows;
    this.addEventListener("input", () => this.fit());
    this.fit();
  }

  fit() {
    this.area.rows = this.fewest;
    while (this.area.scrollHeight > this.area.clientHeight && this.area.rows < MOST_ROWS) this.area.rows += 1;
  }
});
