/* Which rows are picked, and which one is the cursor on?
 *
 * <row-picker> wraps a list of `.ticket-row` with a checkbox each (without, it only moves and opens), and a bar [data-picked-bar] that shows while
 * something is picked. [data-picked-count] says how many: data-one, data-few, data-other hold the sentence with any
 * number in it. [data-picks="all"] and [data-picks="none"] are buttons; so is [data-picks="whole"], for more rows than are shown: it
 * enables the field [data-whole], whose number counts then, until a row is picked by itself. Shift with a click picks up to there.
 * Keys, from hot-keys.js: j k move, o Enter open, x pick, shift+x up to here, * all, Escape none. What was picked in a list that is fetched anew stays so.
 */
customElements.define("row-picker", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("change", () => this.takeWhole(false));
    this.addEventListener("focusin", (event) => this.point(event.target.closest(".ticket-row")));
    this.addEventListener("htmx:beforeSwap", () => this.remember());
    this.addEventListener("htmx:afterSwap", () => this.recall());
    this.listen = (event) => this.key(event);
    document.addEventListener("hot-key", this.listen);
    this.count();
  }

  disconnectedCallback() {
    document.removeEventListener("hot-key", this.listen);
  }

  get rows() { return [...this.querySelectorAll(".ticket-row")]; }

  get boxes() { return this.rows.map((row) => this.box(row)).filter(Boolean); }

  get picked() { return this.rows.filter((row) => this.box(row)?.checked); }

  box(row) { return row?.querySelector("input[type=checkbox]"); }

  get cursor() { return this.querySelector(".ticket-row[data-cursor]") ?? this.querySelector(".ticket-row[aria-current]"); }

  clicked(event) {
    const all = event.target.closest("[data-picks]")?.dataset.picks;
    if (all) this.pickAll(all !== "none");
    if (all === "whole") this.takeWhole(true);
    const row = event.target.closest(".ticket-row");
    if (!event.target.matches("input[type=checkbox]") || !row) return;
    if (event.shiftKey) this.pickRange(row, event.target.checked);
    this.last = row;
  }

  pickAll(on) {
    for (const box of this.boxes) box.checked = on;
    this.takeWhole(false);
  }

  get whole() { return this.querySelector("[data-whole]"); }

  takeWhole(on) {
    if (this.whole) this.whole.disabled = !on;
    this.count();
  }

  pickRange(row, on) {
    const rows = this.rows;
    const [from, to] = [rows.indexOf(this.last ?? row), rows.indexOf(row)].sort((a, b) => a - b);
    for (const one of rows.slice(Math.max(from, 0), to + 1)) if (this.box(one)) this.box(one).checked = on;
    this.takeWhole(false);
  }

  count() {
    const shown = this.picked.length;
    const picked = shown && this.whole && !this.whole.disabled ? Number(this.whole.dataset.whole) : shown;
    for (const bar of this.querySelectorAll("[data-picked-bar]")) bar.hidden = picked === 0;
    for (const place of this.querySelectorAll("[data-picked-count]")) {
      const form = new Intl.PluralRules(document.documentElement.lang).select(picked);
      place.textContent = picked ? (place.dataset[form] ?? place.dataset.other).replace(/\d+/, picked) : "";
    }
  }

  key(event) {
    const acts = {
      j: () => this.move(1), k: () => this.move(-1), ArrowDown: () => this.move(1), ArrowUp: () => this.move(-1),
      o: () => this.open(), Enter: () => this.open(), x: () => this.toggle(), "shift+x": () => this.pickRange(this.cursor, true),
      "*": () => this.pickAll(this.boxes.some((box) => !box.checked)), Escape: () => this.pickAll(false),
    };
    const { key, target } = event.detail;
    if (!(key in acts) || !this.rows.length) return;
    if (["Enter", "ArrowDown", "ArrowUp"].includes(key) && target.closest("a, button, summary, input, [role=menu]") && !target.closest(".ticket-row")) return;
    if (key === "Escape" && !this.picked.length) return;
    event.preventDefault();
    acts[key]();
  }

  remember() {
    const focused = document.activeElement.closest?.(".ticket-row") !== null;
    this.kept = { picked: this.picked.map((row) => row.id), cursor: this.querySelector("[data-cursor]")?.id, focused };
  }

  recall() {
    const { picked = [], cursor, focused } = this.kept ?? {};
    const whole = picked.length && this.whole && !this.whole.disabled;
    for (const row of this.rows.filter((one) => whole || picked.includes(one.id))) if (this.box(row)) this.box(row).checked = true;
    this.point(cursor && document.getElementById(cursor), focused);
    this.count();
  }

  point(row, focus) {
    if (!row) return;
    this.querySelector("[data-cursor]")?.removeAttribute("data-cursor");
    row.setAttribute("data-cursor", "");
    if (focus) row.querySelector("a")?.focus({ preventScroll: true });
  }

  move(step) {
    const rows = this.rows;
    const here = rows.indexOf(this.cursor);
    const row = rows[here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1)];
    this.point(row, true);
    row.scrollIntoView({ block: "nearest" });
    row.dispatchEvent(new CustomEvent("row-cursor", { bubbles: true }));
  }

  open() { this.cursor?.querySelector("a")?.click(); }

  toggle() { this.box(this.cursor)?.click(); }
});
