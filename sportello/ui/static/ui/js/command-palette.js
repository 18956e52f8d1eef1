/* One field from which everything can be reached.
 *
 * <command-palette src="/desk/palette/"> holds the <dialog>. mod+K opens it, as does any [data-opens="palette"].
 * It asks src?q=…&at=<address of the page> and shows the HTML it gets: elements with role="option" and an id,
 * links or buttons; picking one clicks it. An option with data-press="d" presses that key on the page instead.
 */
const PAUSE = 120;

customElements.define("command-palette", class extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.field = this.querySelector("[role=combobox]");
    this.list = this.querySelector("[role=listbox]");
    this.listen = (event) => this.outside(event);
    document.addEventListener("keydown", this.listen);
    document.addEventListener("click", this.listen);
    this.field.addEventListener("input", () => this.later());
    this.field.addEventListener("keydown", (event) => this.steer(event));
    this.list.addEventListener("click", (event) => this.pick(event.target.closest("[role=option]"), event));
    this.list.addEventListener("pointermove", (event) => this.point(event.target.closest("[role=option]")));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listen);
    document.removeEventListener("click", this.listen);
  }

  outside(event) {
    const key = event.type === "keydown" && (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k";
    const button = event.type === "click" && event.target.closest?.("[data-opens=palette]");
    if (!key && !button) return;
    event.preventDefault();
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.field.select();
    this.ask();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    this.asking?.abort();
    this.asking = new AbortController();
    const query = new URLSearchParams({ q: this.field.value, at: location.pathname + location.search });
    try {
      const answer = await fetch(`${this.getAttribute("src")}?${query}`, { signal: this.asking.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok) return;
      this.list.innerHTML = await answer.text();
      window.htmx?.process(this.list);
      this.choose(this.options[0]);
    } catch (error) {
      if (error.name !== "AbortError") document.dispatchEvent(new CustomEvent("htmx:sendError"));
    }
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  get chosen() {
    return this.list.querySelector("[aria-selected=true]");
  }

  choose(option) {
    this.chosen?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.field.setAttribute("aria-activedescendant", option.id ||= `option-${this.options.indexOf(option)}`);
    else this.field.removeAttribute("aria-activedescendant");
  }

  // By moving only: rows that arrive under a resting pointer are not meant
  point(option) {
    if (option && option !== this.chosen) this.choose(option);
  }

  steer(event) {
    const options = this.options;
    const here = options.indexOf(this.chosen);
    const moves = { ArrowDown: here + 1, ArrowUp: here - 1 + options.length, Home: 0, End: options.length - 1 };
    if (event.isComposing) return;
    if (event.key in moves && options.length) {
      event.preventDefault();
      this.choose(options[moves[event.key] % options.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.chosen?.click();
    }
  }

  pick(option, event) {
    if (!option) return;
    if (!event.ctrlKey && !event.metaKey) this.dialog.close();
    if (!option.dataset.press) return;
    event.preventDefault();
    for (const key of option.dataset.press.split(" ")) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  }
});
