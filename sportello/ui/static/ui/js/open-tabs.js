/* Which pages does somebody keep open? <open-tabs data-number="7" data-close="Close {name}" data-news="new reply"> holds
 * the tab of this page; the others come from this browser tab's memory, each with a way to close it. News of one of
 * them (`live:ticket`) put a dot on it.
 */
const MOST = 6;
const PLACE = "open-tabs";

customElements.define("open-tabs", class extends HTMLElement {
  connectedCallback() {
    this.own = this.querySelector(".ticket-tab");
    const link = this.own.querySelector("a");
    const mine = { number: this.dataset.number, href: link.getAttribute("href") + location.search, name: link.textContent };
    const kept = this.kept.filter((tab) => tab.number);
    const at = kept.findIndex((tab) => tab.number === mine.number);
    if (at < 0) kept.push(mine);
    else kept[at] = mine;
    this.kept = kept.slice(-MOST);
    document.addEventListener("live:ticket", this.listen = (event) => this.heard(event.detail.topic.split(":")[1]));
    this.draw();
  }

  disconnectedCallback() {
    document.removeEventListener("live:ticket", this.listen);
  }

  get kept() {
    try { return JSON.parse(sessionStorage.getItem(PLACE)) ?? []; } catch { return []; }
  }

  set kept(tabs) {
    try { sessionStorage.setItem(PLACE, JSON.stringify(tabs)); } catch { return; }
  }

  heard(number) {
    if (number === this.dataset.number || !this.kept.some((tab) => tab.number === number)) return;
    this.kept = this.kept.map((tab) => (tab.number === number ? { ...tab, news: true } : tab));
    this.draw();
  }

  draw() {
    this.replaceChildren(...this.kept.map((tab) => (tab.number === this.dataset.number ? this.own : this.tab(tab))));
    if (this.kept.length > 1 && !this.own.querySelector("button")) this.own.append(this.closer(this.dataset.number, this.own.textContent, () => this.leave()));
  }

  tab(kept) {
    const tab = document.createElement("span");
    tab.className = "ticket-tab";
    tab.toggleAttribute("data-news", Boolean(kept.news));
    const link = document.createElement("a");
    link.href = kept.href;
    link.textContent = kept.name;
    if (kept.news) link.title = this.dataset.news;
    tab.append(link, this.closer(kept.number, kept.name, () => this.draw()));
    return tab;
  }

  closer(number, name, then) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "×";
    button.setAttribute("aria-label", this.dataset.close.replace("{name}", name));
    button.addEventListener("click", () => {
      this.kept = this.kept.filter((tab) => tab.number !== number);
      then();
    });
    return button;
  }

  leave() {
    location.assign(this.kept.at(-1)?.href ?? document.querySelector("#ticket-tabs > a").href);
  }
});
