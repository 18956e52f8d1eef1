/* Dark or light? <theme-switch save="/account/look/"> wraps a button; the key d does the same.
 * The choice goes into a cookie, so that the next page comes right, and to `save` when someone is signed in.
 */
const YEAR = 31536000;

customElements.define("theme-switch", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", () => this.turn());
    this.listen = (event) => {
      if (event.detail.key !== "d") return;
      event.preventDefault();
      this.turn();
    };
    document.addEventListener("hot-key", this.listen);
  }

  disconnectedCallback() {
    document.removeEventListener("hot-key", this.listen);
  }

  turn() {
    const root = document.documentElement;
    const now = root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=${YEAR}; samesite=lax`;
    if (this.getAttribute("save")) window.htmx?.ajax("POST", this.getAttribute("save"), { values: { theme: root.dataset.theme }, swap: "none" });
  }
});
